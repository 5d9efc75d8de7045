// Checking the values of open lists: the grammar lets any name and nearly any value through, the operations refuse them here
// (protocol-core §6).

package plesksim

import (
	"math"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// givenLimits reads a list of limits on top of what was there. The result is a new map; nil stays nil if nothing was given.
func (c *call) givenLimits(old map[string]int64, given *hosting.Limits) (map[string]int64, error) {
	if given == nil {
		return old, nil
	}
	limits := copyOf(old)
	if given.AllToZero != nil {
		for _, l := range c.limits() {
			if l.name != limitExpiration {
				limits[l.name] = 0
			}
		}
	}
	if err := layLimits(limits, given.Limits, func(name string) bool { return c.hasLimit(name) && c.has(name) }); err != nil {
		return nil, err
	}
	for _, l := range given.Limits {
		if err := c.fixed(l.Name); err != nil {
			return nil, err
		}
	}
	return limits, nil
}

// fixed refuses a name that nobody may change. With which code is documented nowhere: it is a right that the caller lacks.
func (s *state) fixed(name string) error {
	if len(s.writers(name)) == 0 {
		return permissionDenied()
	}
	return nil
}

// layLimits lays a list of limits over others.
func layLimits(limits map[string]int64, given []hosting.Limit, known func(name string) bool) error {
	for _, l := range given {
		if !known(l.Name) {
			return refuse(xmlapi.CodeInvalidValue, "Unknown limit: '%s'.", l.Name)
		}
		if l.Value < unlimited {
			return refuse(xmlapi.CodeInvalidValue, "The value %d of the limit %s is invalid.", l.Value, l.Name)
		}
		limits[l.Name] = l.Value
	}
	return nil
}

// droppedPermissions are the permissions that only older protocols had, with the last protocol that had them: packets of those protocols may
// still name them.
var droppedPermissions = map[string]string{"manage_webapps": "1.6.5.0"}

// hadPermission tells whether a name was still a permission in the protocol of the packet.
func (c *call) hadPermission(p hosting.Permission) bool {
	last := droppedPermissions[p.Name]
	return last != "" && c.speaksAtMost(last)
}

// givenPermissions reads a list of permissions on top of what was there. Those that only older protocols had do nothing.
func (c *call) givenPermissions(old map[string]bool, given *hosting.Permissions) (map[string]bool, error) {
	if given == nil {
		return old, nil
	}
	permissions := copyOf(old)
	if given.RevokeAll != nil {
		for _, name := range c.permissions() {
			permissions[name] = false
		}
	}
	list := slices.DeleteFunc(slices.Clone(given.Permissions), c.hadPermission)
	if err := layPermissions(permissions, list, c.hasPermission); err != nil {
		return nil, err
	}
	for _, p := range list {
		if err := c.fixed(p.Name); err != nil {
			return nil, err
		}
	}
	return permissions, nil
}

// layPermissions lays a list of permissions over others.
func layPermissions(permissions map[string]bool, given []hosting.Permission, known func(name string) bool) error {
	for _, p := range given {
		if !known(p.Name) {
			return refuse(xmlapi.CodeInvalidValue, "Unknown permission: '%s'.", p.Name)
		}
		permissions[p.Name] = p.Value
	}
	return nil
}

var directivePattern = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,99}$`)

// givenPHPSettings reads a list of PHP directives on top of what was there. Any name that looks like a directive is one.
func givenPHPSettings(old map[string]string, given *hosting.PHPSettings) (map[string]string, error) {
	if given == nil {
		return old, nil
	}
	settings := copyOf(old)
	for _, s := range given.Settings {
		if !directivePattern.MatchString(s.Name) {
			return nil, refuse(xmlapi.CodeInvalidValue, "Unknown PHP setting: '%s'.", s.Name)
		}
		settings[s.Name] = s.Value
	}
	return settings, nil
}

// splitDirectives takes the PHP directives out of a list of properties; without any there, nil.
func splitDirectives(given []xmlapi.Property) (properties []xmlapi.Property, directives *hosting.PHPSettings) {
	for _, g := range given {
		if property(g.Name) != nil || !slices.Contains(phpDirectives, g.Name) {
			properties = append(properties, g)
			continue
		}
		if directives == nil {
			directives = &hosting.PHPSettings{}
		}
		directives.Settings = append(directives.Settings, g)
	}
	return properties, directives
}

// givenProperties reads properties of virtual hosting on top of what was there: those of plans, of sites, or of subscriptions,
// which have all. The system user's login and password are not kept here but checked where they go.
func (c *call) givenProperties(old map[string]string, given []xmlapi.Property, allowed func(*propertyInfo) bool) (map[string]string, error) {
	properties := copyOf(old)
	for _, g := range given {
		p := property(g.Name)
		if p == nil || !p.isOn(c.Machine.OS) || !c.has(p.name) || !allowed(p) {
			return nil, refuse(xmlapi.CodeInvalidValue, "Unknown hosting property: '%s'.", g.Name)
		}
		value, err := c.checkProperty(p, g.Value)
		if err == nil {
			err = c.fixed(p.name)
		}
		if err != nil {
			return nil, err
		}
		if !p.ofUser {
			properties[p.name] = value
		}
	}
	return properties, nil
}

// checkProperty refuses a value that the property cannot have, and returns the others in the form in which they are kept.
func (c *call) checkProperty(p *propertyInfo, value string) (string, error) {
	valid := true
	switch {
	case p.values != nil:
		valid = slices.ContainsFunc(p.values(c.state), func(v enumValue) bool { return v.value == value })
	case p.kind == typeBoolean:
		valid = value == "true" || value == "false"
	case p.kind == typeBytes:
		n, err := strconv.ParseInt(value, 10, 64)
		valid = err == nil && n >= unlimited
	case p.name == "ftp_login":
		valid = systemUserPattern.MatchString(value)
	case p.name == "www_root":
		return c.documentRoot(value)
	}
	if !valid {
		return "", refuse(xmlapi.CodeInvalidValue, "The value '%s' of the hosting property %s is invalid.", value, p.name)
	}
	return value, nil
}

// systemUserPattern is what current panels accept (operators-accounts-server §3.1).
var systemUserPattern = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9._-]{0,31}$`)

// documentRoot reads a document root relative to the home, which is how it is kept. To subscribers the home is the root of the file system, so
// a slash at the start means nothing. The absolute path, which get answers, is understood too.
func (s *state) documentRoot(value string) (string, error) {
	relative, all := s.slashed(value), vhosts
	if s.onWindows() {
		all = s.slashed(windowsVhosts)
	}
	if rest, ok := strings.CutPrefix(relative, all); ok {
		_, relative, _ = strings.Cut(rest, "/")
	}
	relative = strings.TrimLeft(relative, "/")
	cleaned := path.Clean(relative)
	if relative == "" || cleaned == ".." || strings.HasPrefix(cleaned, "../") || strings.ContainsAny(relative, "\\:\x00") {
		return "", refuse(xmlapi.CodeInvalidValue, "The document root '%s' is invalid.", value)
	}
	return cleaned, nil
}

// destinationURL checks where forwarding leads; without a scheme it is HTTP.
func destinationURL(value string) (string, error) {
	text := value
	if !strings.Contains(text, "://") {
		text = "http://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ftp" {
		return "", refuse(xmlapi.CodeInvalidValue, "The destination URL '%s' is invalid.", value)
	}
	return text, nil
}

// redirectCodes are the HTTP statuses that standard forwarding may answer; the first is the default.
var redirectCodes = []int{301, 302}

// checkPerformance refuses bounds that are neither off nor possible.
func checkPerformance(given *hosting.Performance) error {
	if given == nil {
		return nil
	}
	if b := given.Bandwidth; b != nil && *b != unlimited && (!(*b > 0) || math.IsInf(float64(*b), 1)) { // INF and NaN are numbers to the grammar
		return refuse(xmlapi.CodeInvalidValue, "The bandwidth %v is invalid.", float64(*b))
	}
	if n := given.MaxConnections; n != nil && *n != unlimited && *n <= 0 {
		return refuse(xmlapi.CodeInvalidValue, "The number of connections %d is invalid.", *n)
	}
	return nil
}

// copyOf is a copy that can be changed, of nil too.
func copyOf[K comparable, V any](m map[K]V) map[K]V {
	c := make(map[K]V, len(m))
	for k, v := range m {
		c[k] = v
	}
	return c
}
