// Extensions against a simulated Plesk: installed from the catalogue or an archive, taken over as they are, and uninstalled.

package panel

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/extension"
)

func FuzzNormalExtension(f *testing.F) { controllertest.FuzzNormal(f, Extension{}) }

// anExtension is a resource on its way through passes.
type anExtension = controllertest.Object[*v1alpha1.PleskExtension, extensionValue]

func newExtension(t *testing.T, d xmlapi.Doer, manifest string) *anExtension {
	t.Helper()
	return &anExtension{T: t, Kind: Extension{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskExtension{}, manifest)}
}

// installedOn are the ids of what a server has.
func installedOn(t *testing.T, d xmlapi.Doer) []string {
	t.Helper()
	r, err := extension.Get.One(t.Context(), d, extension.GetRequest{})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, e := range r.Details {
		ids = append(ids, *e.ID)
	}
	return ids
}

func TestExtensionIsInstalled(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	x := newExtension(t, c, `spec: {serverRef: {name: web-01}, extensionID: docker}`)
	before := installedOn(t, c)
	g.Expect(before).NotTo(ContainElement("docker"))
	x.Settle()
	g.Expect(installedOn(t, c)).To(Equal(append(before, "docker")))
	g.Expect(x.ID).To(Equal(engine.Identity{ID: "docker"}), "the answer names none")
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedExtension{Name: "Docker", Version: "1.9.0", Release: "620", Active: new(true)}))

	found := x.There("docker")
	g.Expect(x.Kind.Delete(t.Context(), c, found)).To(Succeed())
	g.Expect(installedOn(t, c)).To(Equal(before))
	err := x.Kind.Delete(t.Context(), c, found)
	g.Expect(xmlapi.IsNotFound(err)).To(BeTrue(), "%v", err)
}

// An id that the catalogue does not have is for the user to correct: there is nothing to wait for.
func TestExtensionThatNobodyKnows(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	x := newExtension(t, c, `spec: {serverRef: {name: web-01}, extensionID: dockr}`)
	_, err := x.Kind.Create(t.Context(), c, extensionValue{ID: new("dockr")})
	refused, ok := errors.AsType[*xmlapi.Error](err)
	g.Expect(ok).To(BeTrue(), "%v", err)
	g.Expect(refused.Class).To(Equal(xmlapi.Invalid))
	g.Expect(engine.FieldOf(x.Kind, refused)).To(Equal("spec.extensionID"))
}

// What is installed already is neither installed again nor upgraded.
func TestExtensionIsThere(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	r := &controllertest.Recording{Doer: c}
	x := newExtension(t, r, `spec: {serverRef: {name: web-01}, extensionID: wp-toolkit, url: "https://files.acme.example/wp-toolkit-1.0-1.zip"}`)
	g.Expect(x.Settle()).To(BeEmpty())
	g.Expect(x.O.Status.Observed.Version).To(Equal("6.7.0"))
	g.Expect(r.Sent).To(HaveEach(Not(ContainSubstring("<install>"))))
}

func TestExtensionFromAnArchive(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	x := newExtension(t, c, `spec: {serverRef: {name: web-01}, extensionID: acme, url: "https://files.acme.example/acme-1.2-3.zip"}`)
	x.Settle()
	g.Expect([]string{x.O.Status.Observed.Version, x.O.Status.Observed.Release}).To(Equal([]string{"1.2", "3"}))
	_, w, err := Extension{}.Desired(x.O, x.In)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(engine.Privileges(Extension{}, w)).To(Equal([]string{"url"}), "it runs whatever it is")
}

// An archive that holds something else is told by that, and refused as the URL's fault.
func TestExtensionFromAnotherArchive(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	x := newExtension(t, c, `spec: {serverRef: {name: web-01}, extensionID: acme, url: "https://files.acme.example/birch-1.2-3.zip"}`)
	_, err := x.Pass()
	g.Expect(err).To(MatchError(And(ContainSubstring(`does not hold the extension "acme", but "birch"`), HaveSuffix("(spec.url)"))))
	e, ok := errors.AsType[*xmlapi.Error](err)
	g.Expect(ok).To(BeTrue())
	g.Expect(e.Class).To(Equal(xmlapi.Invalid), "it is not tried again until something changes")
	_, err = x.Pass()
	g.Expect(err).To(MatchError(HaveSuffix(`does not hold the extension "acme" (spec.url)`)), "and it has brought nothing")
}

func TestExtensionsBlame(t *testing.T) {
	g := NewWithT(t)
	_, c := controllertest.Simulated(t)
	for manifest, field := range map[string]string{
		`spec: {serverRef: {name: web-01}, extensionID: no-such}`:                                        "spec.extensionID",
		`spec: {serverRef: {name: web-01}, extensionID: acme, url: "ftp://files.acme.example/acme.zip"}`: "spec.url",
	} {
		_, err := newExtension(t, c, manifest).Pass()
		e, ok := errors.AsType[*xmlapi.Error](err)
		g.Expect(ok).To(BeTrue(), "%v", err)
		g.Expect(engine.FieldOf(Extension{}, e)).To(Equal(field))
	}
}
