// What kustomizations lead to: after a run that ended half way, and where people have taken something out.

package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/export/exporttest"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// repository is a folder that a server is exported into.
type repository struct {
	*WithT

	t      *testing.T
	srv    *plesksim.Server
	client *xmlapi.Client
	dir    string
}

func newRepository(t *testing.T, logins ...string) *repository {
	t.Helper()
	r := &repository{WithT: NewWithT(t), t: t, dir: t.TempDir()}
	r.srv, r.client = controllertest.Simulated(t)
	for _, login := range logins {
		r.add(login)
	}
	return r
}

// add makes a customer with a subscription.
func (r *repository) add(login string) {
	r.t.Helper()
	controllertest.AddCustomer(r.t, r.srv, login)
	r.subscribe(login, login+".example")
}

func (r *repository) subscribe(login, domain string) {
	r.t.Helper()
	_, err := exporttest.AddSubscription(r.t.Context(), r.srv, domain, login, "", "")
	r.Expect(err).NotTo(HaveOccurred())
}

// export runs once more.
func (r *repository) export() Written {
	r.t.Helper()
	w, err := exported(r.t, r.client, func(o *Options) { o.Known = knownIn(r.t, r.dir) }).WriteFolder(r.dir)
	r.Expect(err).NotTo(HaveOccurred())
	r.Expect(w.Missing).To(BeZero())
	return w
}

func (r *repository) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

func (r *repository) read(name string) string { return read(r.t, r.path(name)) }

// edit replaces a text in a file by another one.
func (r *repository) edit(name, old, text string) {
	r.t.Helper()
	was := r.read(name)
	r.Expect(was).To(ContainSubstring(old))
	write(r.t, r.path(name), strings.Replace(was, old, text, 1))
}

// Nothing is half done because of a file that could have been read before.
func TestNothingIsWrittenBesideAKustomizationThatCannotBeRead(t *testing.T) {
	r := newRepository(t, "acme")
	r.Expect(os.MkdirAll(r.path("customers"), 0o750)).To(Succeed())
	write(t, r.path("customers/Kustomization"), "resources: everything\n")
	w, err := exported(t, r.client).WriteFolder(r.dir)
	r.Expect(err).To(MatchError(ContainSubstring(r.path("customers/Kustomization"))))
	r.Expect(w.New).To(BeEmpty())
	r.Expect(w.Missing).To(BeNumerically(">", 3))
	r.Expect(knownIn(t, r.dir)).To(BeEmpty())
}

// What is listed and not there is made by the next run.
func TestARunThatEndedHalfWayIsCompleted(t *testing.T) {
	r := newRepository(t, "acme", "birch")
	whole := r.export()
	for _, gone := range []string{"customers/birch/subscription-birch-example.yaml", "customers/acme"} {
		r.Expect(os.RemoveAll(r.path(gone))).To(Succeed())
	}
	lists := r.read("customers/kustomization.yaml") + r.read("customers/birch/kustomization.yaml")
	w := r.export()
	r.Expect(w.New).To(ContainElements(r.path("customers/acme/customer-acme.yaml"), r.path("customers/birch/subscription-birch-example.yaml")))
	r.Expect(len(w.New) + w.Kept).To(Equal(len(whole.New)))
	r.Expect(w.Unlisted).To(BeEmpty())
	r.Expect(r.read("customers/kustomization.yaml") + r.read("customers/birch/kustomization.yaml")).To(Equal(lists))
}

// Every run says what no kustomization leads to, also where nothing is new.
func TestWhatNoKustomizationLeadsToIsSaidInEachRun(t *testing.T) {
	r := newRepository(t, "acme", "birch")
	r.Expect(r.export().Unlisted).To(BeEmpty())
	r.edit("customers/birch/kustomization.yaml", "- subscription-birch-example.yaml\n", "")
	r.edit("customers/kustomization.yaml", "- acme\n", "# - acme\n")
	for range 2 {
		r.Expect(r.export().Unlisted).To(Equal([]string{"customers/acme", "customers/birch/subscription-birch-example.yaml"}))
	}
	for _, list := range []string{"kustomization.yaml", "customers/kustomization.yaml", "customers/acme/kustomization.yaml"} {
		r.Expect(os.Remove(r.path(list))).To(Succeed())
	}
	r.Expect(r.export().Unlisted).To(Equal([]string{"customers", "server"}))
}

// A customer that somebody has taken out, or lists elsewhere, is not put back by what is new in their folder.
func TestAFolderThatPeopleDoNotListStaysUnlisted(t *testing.T) {
	r := newRepository(t, "acme", "birch")
	r.export()
	r.edit("customers/kustomization.yaml", "- acme\n", "# - acme: not before June\n")
	r.subscribe("acme", "second.example")
	r.add("crown")
	w := r.export()
	r.Expect(w.New).To(ContainElement(r.path("customers/acme/subscription-second-example.yaml")))
	r.Expect(w.Unlisted).To(Equal([]string{"customers/acme"}))
	r.Expect(r.read("customers/kustomization.yaml")).To(HaveSuffix("resources:\n# - acme: not before June\n- birch\n- crown\n"))
	r.Expect(r.read("customers/acme/kustomization.yaml")).To(ContainSubstring("- subscription-second-example.yaml\n"))

	r.edit("kustomization.yaml", "- customers\n", "- customers/acme\n- ./customers/birch/\n- customers/crown\n")
	lists := r.read("kustomization.yaml")
	r.subscribe("acme", "third.example")
	r.Expect(r.export().Unlisted).To(BeEmpty())
	r.Expect(r.read("kustomization.yaml")).To(Equal(lists))
	r.Expect(r.read("customers/kustomization.yaml")).NotTo(ContainSubstring("\n- acme"))
}

// An overlay is where people start.
func TestAnOverlayLeadsToWhatItLists(t *testing.T) {
	r := newRepository(t, "acme", "birch")
	r.export()
	r.edit("kustomization.yaml", "- customers\n", "")
	r.Expect(os.MkdirAll(r.path("overlays/first"), 0o750)).To(Succeed())
	write(t, r.path("overlays/first/kustomization.yaml"), "resources:\n- ../../customers/acme\n- https://example.com/base\n- ../../..\n")
	r.Expect(r.export().Unlisted).To(Equal([]string{"customers/birch"}))
	write(t, r.path("overlays/first/kustomization.yaml"), "components:\n- ../../customers\n")
	r.Expect(r.export().Unlisted).To(BeEmpty())
}
