// Web hosting as subscriptions and their further sites have it: its types, forwarding and document roots.

package hosting

import (
	"cmp"
	"path"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

const domainField = "spec.domainName"

// forwardValue is the hosting std_fwd or frm_fwd.
type forwardValue struct {
	URL      *string `plesk:"url"`
	HTTPCode *int    `plesk:"httpCode,needs=http_code"`
}

// The hosting types, as status and differences name them.
const (
	hostingVirtual = "VirtualHost"
	hostingForward = "Forwarding"
	hostingFrame   = "FrameForwarding"
	hostingNone    = "None"
)

var hostingTypes = form.Words{
	{hostingVirtual, hosting.Virtual}, {hostingForward, hosting.StandardForward}, {hostingFrame, hosting.FrameForward}, {hostingNone, hosting.None},
}

func (v *forwardValue) normal() *forwardValue {
	if v == nil {
		return nil
	}
	n := *v
	form.Collapse(&n.URL)
	return &n
}

// over fills in what v leaves open: the protocol asks for the whole of a forwarding.
func (v *forwardValue) over(have *forwardValue) *forwardValue {
	merged := forwardValue{URL: new("")}
	for _, f := range []*forwardValue{have, v} {
		if f != nil {
			merged = forwardValue{URL: cmp.Or(f.URL, merged.URL), HTTPCode: cmp.Or(f.HTTPCode, merged.HTTPCode)}
		}
	}
	return &merged
}

// losesFiles says which field of the spec would delete a web site, "" where none would.
func losesFiles(want, have *string) string {
	if want == nil || *want == hostingVirtual || form.Deref(have) != hostingVirtual {
		return ""
	}
	return "spec.hosting: changing virtualHost to " + *want + " deletes the web site with its files on the server"
}

// months is how long statistics are kept; nil is the server's default.
func months(s *string) *string {
	if s == nil || *s == "" {
		return nil
	}
	return s
}

// relativeRoot makes a document root relative to the home. It is written so and read back absolute (protocol-core §11.3); the
// home is a directory with the subscription's name, or the one below vhosts.
func relativeRoot(root string, names ...string) string {
	root = strings.ReplaceAll(root, `\`, "/")
	segments := strings.Split(root, "/")
	isHome := func(i int) bool {
		for _, n := range names {
			if n != "" && strings.EqualFold(segments[i], n) {
				return true
			}
		}
		return false
	}
	belowVhosts := func(i int) bool { return i > 0 && segments[i-1] == "vhosts" }
	if len(segments) > 1 && (segments[0] == "" || strings.HasSuffix(segments[0], ":")) {
		for _, home := range []func(int) bool{isHome, belowVhosts} {
			for i := range segments {
				if home(i) {
					return strings.Join(segments[i+1:], "/")
				}
			}
		}
	}
	return root
}

// cleanRoot is a document root without needless slashes and dots; the home itself is ".".
func cleanRoot(root string) string { return path.Clean(strings.TrimSpace(root)) }
