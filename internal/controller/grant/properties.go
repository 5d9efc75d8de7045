// Properties of virtual hosting: an open list of names and values on the wire, typed fields here, one line each.

package grant

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// Hosting is what plans and subscriptions have in common. The tag `property` names the property that a field is, `words` pairs
// the field's values with the wire's; the property "*" takes all that have no field.
type Hosting struct {
	TLS           *bool             `plesk:"tls.enabled" property:"ssl"`
	TLSRedirect   *bool             `plesk:"tls.redirect" property:"ssl-redirect"`
	Shell         *string           `plesk:"shell" property:"shell"`
	Quota         *string           `plesk:"quota,privileged" property:"ftp_quota" words:"unlimited=-1"`
	PHP           *bool             `plesk:"php.enabled" property:"php"`
	PHPHandler    *string           `plesk:"php.handlerID,privileged" property:"php_handler_id"`
	PHPByNginx    *bool             `plesk:"php.servedByNginx" property:"php_served_by_nginx"`
	CGI           *bool             `plesk:"scripting.cgi,privileged" property:"cgi"`
	FastCGI       *bool             `plesk:"scripting.fastCGI,privileged" property:"fastcgi"`
	Perl          *bool             `plesk:"scripting.perl,privileged" property:"perl"`
	Python        *bool             `plesk:"scripting.python,privileged" property:"python"`
	SSI           *bool             `plesk:"scripting.ssi,privileged" property:"ssi"`
	Statistics    *string           `plesk:"webStatistics" property:"webstat"`
	StatsPassword *bool             `plesk:"webStatisticsProtected" property:"webstat_protected"`
	ErrorPages    *bool             `plesk:"errorDocuments" property:"errdocs"`
	Extra         map[string]string `plesk:"extraProperties" property:"*"`

	PHPSettings map[string]string `plesk:"php.settings"` // php-settings, beside hosting
}

// WantedHosting translates the common part of a spec; at is its path. owner is the kind's whole value, which knows the
// properties that have a field.
func WantedHosting(at string, h *v1alpha1.HostingProperties, tls *v1alpha1.HostingTLS, owner any) (*Hosting, error) {
	v := &Hosting{
		Shell: h.Shell, Statistics: h.WebStatistics, StatsPassword: h.WebStatisticsProtected, ErrorPages: h.ErrorDocuments,
		Extra: h.ExtraProperties,
	}
	if tls != nil {
		v.TLS, v.TLSRedirect = tls.Enabled, tls.Redirect
	}
	if p := h.PHP; p != nil {
		v.PHP, v.PHPHandler, v.PHPByNginx, v.PHPSettings = p.Enabled, p.HandlerID, p.ServedByNginx, p.Settings
	}
	if s := h.Scripting; s != nil {
		v.CGI, v.FastCGI, v.Perl, v.Python, v.SSI = s.CGI, s.FastCGI, s.Perl, s.Python, s.SSI
	}
	if h.Quota != nil {
		n, err := form.LimitNumber("", *h.Quota)
		if err != nil {
			return nil, engine.Invalid(at+".quota", err.Error())
		}
		v.Quota = new(form.BoundText(n))
	}
	if err := oneLineEach(at+".php.settings", v.PHPSettings); err != nil {
		return nil, err
	}
	if err := oneLineEach(at+".extraProperties", v.Extra); err != nil {
		return nil, err
	}
	return v, checkExtra(at+".extraProperties", v.Extra, owner)
}

// oneLineEach refuses values of several lines.
func oneLineEach(at string, m map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if strings.ContainsAny(m[name], "\r\n") {
			return engine.Invalid(at+"."+name, "the protocol keeps no line breaks: write one line")
		}
	}
	return nil
}

// checkExtra refuses extra properties that have a field of their own, and passwords.
func checkExtra(field string, extra map[string]string, owner any) error {
	own := map[string]string{}
	WalkProperties(reflect.ValueOf(owner).Elem(), func(p PropertyField) {
		own[p.Name] = p.Path
	})
	for _, name := range slices.Sorted(maps.Keys(extra)) {
		if path, typed := own[name]; typed {
			return engine.Invalid(field, fmt.Sprintf("%s has a field of its own: %s", name, path))
		}
		if (xmlapi.Property{Name: name}).Sensitive() {
			return engine.Invalid(field, name+" is a password: those come from Secrets")
		}
	}
	return nil
}

// Normal returns a copy in normal form.
func (v *Hosting) Normal() *Hosting {
	if v == nil {
		return nil
	}
	n := *v
	form.Collapse(&n.Shell, &n.PHPHandler, &n.Statistics)
	n.Extra, n.PHPSettings = form.CollapsedValues(n.Extra), form.CollapsedValues(n.PHPSettings)
	return &n
}

// WirePHPSettings are the PHP settings to write, nil for none.
func (v *Hosting) WirePHPSettings() *hosting.PHPSettings {
	if v == nil || len(v.PHPSettings) == 0 {
		return nil
	}
	return &hosting.PHPSettings{Settings: sortedProperties(v.PHPSettings)}
}

// FoundPHPSettings reads PHP settings.
func FoundPHPSettings(s *hosting.PHPSettings) map[string]string {
	if s == nil {
		return nil
	}
	out := map[string]string{}
	for _, p := range s.Settings {
		out[p.Name] = p.Value
	}
	return out
}

func sortedProperties(m map[string]string) []xmlapi.Property {
	var out []xmlapi.Property
	for _, name := range slices.Sorted(maps.Keys(m)) {
		out = append(out, xmlapi.Property{Name: name, Value: m[name]})
	}
	return out
}

// Properties lists the fields of a value that are set, as properties. The value is a pointer, and may be nil.
func Properties[V any](v *V) []xmlapi.Property {
	var out []xmlapi.Property
	eachProperty(v, func(_ string, p xmlapi.Property, _ bool) { out = append(out, p) })
	return out
}

// eachProperty visits the fields of a value that are set, as properties, each with its path below the value and whether it is a secret.
func eachProperty[V any](v *V, visit func(path string, p xmlapi.Property, secret bool)) {
	if v == nil {
		return
	}
	WalkProperties(reflect.ValueOf(v).Elem(), func(p PropertyField) {
		if p.Value.IsNil() {
			return
		}
		switch value := p.Value.Interface().(type) {
		case *string:
			visit(p.Path, xmlapi.Property{Name: p.Name, Value: *p.Words.Wire(value)}, false)
		case *bool:
			visit(p.Path, xmlapi.Property{Name: p.Name, Value: fmt.Sprint(*value)}, false)
		case *xmlapi.Secret:
			visit(p.Path, xmlapi.Property{Name: p.Name, Value: value.Reveal()}, true)
		case map[string]string:
			for _, p2 := range sortedProperties(value) {
				visit(p.Path+"."+p2.Name, p2, false)
			}
		}
	})
}

// ReadProperties fills the fields of a value from properties. A switch that the server does not list is off; passwords are not
// read, even where an old server shows them.
func ReadProperties[V any](v *V, list []xmlapi.Property) {
	rest := make(map[string]string, len(list))
	for _, p := range list {
		if !p.Sensitive() {
			rest[p.Name] = p.Value
		}
	}
	var extra *reflect.Value
	WalkProperties(reflect.ValueOf(v).Elem(), func(p PropertyField) {
		value, listed := rest[p.Name]
		delete(rest, p.Name)
		switch target := p.Value.Addr().Interface().(type) {
		case **string:
			if listed {
				*target = p.Words.API(&value)
			}
		case **bool:
			if *target = new(false); listed {
				*target = form.Flag(&value)
			}
		case *map[string]string:
			extra = &p.Value
		}
	})
	if extra != nil {
		extra.Set(reflect.ValueOf(rest))
	}
}

// PropertyField is a field that is a property.
type PropertyField struct {
	Name  string // on the wire
	Path  string // below the value, as users see it
	Words form.Words
	Value reflect.Value
}

// WalkProperties visits the fields that are properties, those of nested values included.
func WalkProperties(v reflect.Value, visit func(PropertyField)) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if name, ok := f.Tag.Lookup("property"); ok {
			path, _, _ := strings.Cut(f.Tag.Get("plesk"), ",")
			visit(PropertyField{Name: name, Path: path, Words: parseWords(f.Tag.Get("words")), Value: v.Field(i)})
		} else if f.Type == reflect.TypeFor[*Hosting]() && !v.Field(i).IsNil() {
			WalkProperties(v.Field(i).Elem(), visit)
		}
	}
}

// parseWords reads a tag such as `None=none,WWW=www`.
func parseWords(tag string) form.Words {
	var w form.Words
	for pair := range strings.SplitSeq(tag, ",") {
		if api, wire, ok := strings.Cut(pair, "="); ok {
			w = append(w, [2]string{api, wire})
		}
	}
	return w
}
