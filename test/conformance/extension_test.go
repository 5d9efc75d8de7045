// The row of PleskExtension.

package conformance

import (
	"encoding/json"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	family "github.com/plesk-operator/plesk-operator/internal/controller/panel"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
)

// extensionRow has neither ids nor a mark: an extension is known by itself. Nothing of one differs: what its id says is there, or is not.
var extensionRow = row{
	kind:    "PleskExtension",
	is:      kind(family.Extension{}),
	can:     []capability{exporter, maker, lister, normalizer, privileged, serverScoped, named, blamer},
	prepare: func(s *site) { installExtension(s, "neighbour", "1.0") },
	object: func(s *site) v1alpha1.Object {
		e := &v1alpha1.PleskExtension{Spec: v1alpha1.PleskExtensionSpec{
			CommonSpec: s.common(), ExtensionID: "acme", URL: new("https://files.acme.example/acme-1.2-3.zip"),
		}}
		e.Name = s.name + "-acme"
		return e
	},
	fixed:  true,
	alike:  true,
	fields: []field{atRest},
	list: func(s *site) []external {
		var out []external
		for _, r := range findAll(s, extension.Get, extension.GetRequest{}) {
			for _, d := range r.Details {
				content, err := json.Marshal(d)
				s.Expect(err).NotTo(HaveOccurred())
				out = append(out, external{id: *d.ID, key: *d.ID, content: string(content)})
			}
		}
		return out
	},
	plant:  func(*site, string) []string { return []string{"77.4711"} },
	rename: rename{change: set(func(e *v1alpha1.PleskExtension) { e.Spec.ExtensionID = "birch" })},
	add:    func(s *site, _ bool, _ string) { installExtension(s, "acme", "77.4711") },
	adds:   extension.Install.Name(),
	remove: func(s *site, id string) { do(s, extension.Uninstall, extension.UninstallRequest{ID: id}) },
}

// installExtension installs an extension behind the operator's back.
func installExtension(s *site, id, version string) xmlapi.Result {
	return do(s, extension.Install, extension.InstallRequest{URL: new("https://files.acme.example/" + id + "-" + version + "-1.zip")})
}
