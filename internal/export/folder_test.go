// Folders that people edit, and runs that find them as they left them.

package export

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/customer"
)

func knownIn(t *testing.T, dir string) Known {
	t.Helper()
	known, err := ReadKnown(dir)
	if err != nil {
		t.Fatal(err)
	}
	return known
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path) //nolint:gosec // of the test's own
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// A second run leaves what is there as people have left it: moved, renamed, edited; adds what is new; says what is gone.
func TestASecondRunKeepsWhatPeopleHaveDone(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	fill(t, srv)
	dir := t.TempDir()
	first := exported(t, client)
	w, err := first.WriteFolder(dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(w.New).To(HaveLen(len(first.Objects)))
	g.Expect(read(t, filepath.Join(dir, "kustomization.yaml"))).To(Equal("apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n- server\n- resellers\n- customers\n"))

	again := exported(t, client, func(o *Options) { o.Known = knownIn(t, dir) })
	g.Expect(again.names()).To(Equal(first.names()))
	w, err = again.WriteFolder(dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(w.New).To(BeEmpty())
	g.Expect(w.Kept).To(Equal(len(first.Objects)))

	// People move a file, give the object another name, write a comment, and rearrange a kustomization.
	was := filepath.Join(dir, "customers", "acme", "customer-acme.yaml")
	edited := strings.Replace("# Ada pays in gold.\n"+read(t, was), "name: acme\n", "name: ada\n", 1)
	g.Expect(os.Remove(was)).To(Succeed())
	write(t, filepath.Join(dir, "ada.yaml"), edited)
	list := filepath.Join(dir, "customers", "kustomization.yaml")
	write(t, list, "# ours\nresources:\n  - acme # the first\n  - birch\n  - crown-ltd\nnamespace: hosting\n")
	controllertest.AddCustomer(t, srv, "dune")
	if _, err := customer.Del.One(t.Context(), srv, xmlapi.FilterRequest{Filter: customer.ByLogin("birch")}); err != nil {
		t.Fatal(err)
	}
	third := exported(t, client, func(o *Options) { o.Known = knownIn(t, dir) })
	g.Expect(third.Troubles).To(BeEmpty())
	g.Expect(third.named("PleskCustomer/ada").File).To(Equal(filepath.Join(dir, "ada.yaml")))
	w, err = third.WriteFolder(dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(w.New).To(Equal([]string{filepath.Join(dir, "customers", "dune", "customer-dune.yaml")}))
	g.Expect(read(t, filepath.Join(dir, "ada.yaml"))).To(Equal(edited))
	g.Expect(read(t, list)).To(Equal("# ours\nresources:\n  - acme # the first\n  - birch\n  - crown-ltd\n  - dune\nnamespace: hosting\n"))
	var gone []string
	for _, k := range third.Gone {
		gone = append(gone, k.Kind+"/"+k.Name)
	}
	g.Expect(gone).To(ContainElements("PleskCustomer/birch", "PleskSubscription/birch-example", "PleskDNSZone/birch-example"))
	g.Expect(gone).NotTo(ContainElement(ContainSubstring("acme")))
	_, err = os.Stat(filepath.Join(dir, "customers", "birch", "customer-birch.yaml"))
	g.Expect(err).NotTo(HaveOccurred(), "nothing is removed")
}

// What is somebody's stays theirs: a file without our annotations is not overwritten, and nothing is written before that is known.
func TestNoFileIsOverwritten(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddCustomer(t, srv, "birch")
	dir := t.TempDir()
	g.Expect(os.MkdirAll(filepath.Join(dir, "customers", "birch"), 0o750)).To(Succeed())
	theirs := filepath.Join(dir, "customers", "birch", "customer-birch.yaml")
	write(t, theirs, "kind: Other\n")
	_, err := exported(t, client, func(o *Options) { o.Known = knownIn(t, dir) }).WriteFolder(dir)
	g.Expect(err).To(MatchError(ContainSubstring(theirs)))
	g.Expect(read(t, theirs)).To(Equal("kind: Other\n"))
	_, err = os.Stat(filepath.Join(dir, "customers", "acme"))
	g.Expect(os.IsNotExist(err)).To(BeTrue())
}

func TestWhatCannotBeReadOrIsThereTwiceStopsASecondRun(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	one := "apiVersion: plesk-operator.dev/v1alpha1\nkind: PleskCustomer\nmetadata:\n  name: acme\n  annotations:\n    " + AnnotationServer + ": g\n    " + AnnotationID + ": x\n"
	write(t, filepath.Join(dir, "a.yaml"), "---\n"+one+"---\nkind: Other\n")
	g.Expect(knownIn(t, dir)).To(HaveLen(1))
	write(t, filepath.Join(dir, "b.yaml"), one)
	_, err := ReadKnown(dir)
	g.Expect(err).To(MatchError(ContainSubstring("describe the same PleskCustomer")))
	write(t, filepath.Join(dir, "b.yaml"), "\t:\n")
	_, err = ReadKnown(dir)
	g.Expect(err).To(MatchError(ContainSubstring("b.yaml")))
	g.Expect(knownIn(t, filepath.Join(dir, "nowhere"))).To(BeEmpty())
}

// A link may lead anywhere.
func TestNothingIsWrittenOutsideOfTheFolder(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	controllertest.AddCustomer(t, srv, "acme")
	controllertest.AddCustomer(t, srv, "birch")
	dir, elsewhere := t.TempDir(), t.TempDir()
	g.Expect(os.MkdirAll(filepath.Join(dir, "customers"), 0o750)).To(Succeed())
	g.Expect(os.Symlink(elsewhere, filepath.Join(dir, "customers", "birch"))).To(Succeed())
	_, err := exported(t, client).WriteFolder(dir)
	g.Expect(err).To(MatchError(ContainSubstring(filepath.Join(dir, "customers", "birch"))))
	for _, folder := range []string{elsewhere, filepath.Join(dir, "customers", "acme")} {
		entries, _ := os.ReadDir(folder)
		g.Expect(entries).To(BeEmpty(), "nothing is half done")
	}

	g.Expect(os.Remove(filepath.Join(dir, "customers", "birch"))).To(Succeed())
	theirs := filepath.Join(elsewhere, "kustomization.yaml")
	write(t, theirs, "resources:\n- acme\n")
	g.Expect(os.Symlink(theirs, filepath.Join(dir, "customers", "kustomization.yaml"))).To(Succeed())
	w, err := exported(t, client).WriteFolder(dir)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(w.Unlisted).To(ConsistOf("customers/birch"))
	g.Expect(read(t, theirs)).To(Equal("resources:\n- acme\n"))
	is, err := os.Lstat(filepath.Join(dir, "customers", "kustomization.yaml"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(is.Mode().Type()).To(Equal(os.ModeSymlink))
}

func TestAKustomizationMayHaveAnyOfItsNames(t *testing.T) {
	g := NewWithT(t)
	for _, name := range []string{"kustomization.yml", "Kustomization"} {
		dir := t.TempDir()
		root, err := os.OpenRoot(dir)
		g.Expect(err).NotTo(HaveOccurred())
		t.Cleanup(func() { _ = root.Close() })
		write(t, filepath.Join(dir, name), "resources:\n- acme\n")
		g.Expect(list(root, ".", []string{"acme", "birch"})).To(Succeed())
		g.Expect(read(t, filepath.Join(dir, name))).To(Equal("resources:\n- acme\n- birch\n"))
		g.Expect(os.ReadDir(dir)).To(HaveLen(1))
	}
}

func TestNamesAreToldApartOnlyWhereTheyMeet(t *testing.T) {
	g := NewWithT(t)
	srv, client := controllertest.Simulated(t)
	for _, login := range []string{"acme.ltd", "acme_ltd", "birch"} {
		controllertest.AddCustomer(t, srv, login)
	}
	names := exported(t, client, func(o *Options) { o.Kinds = []string{"PleskCustomer"} }).names()
	g.Expect(names).To(ConsistOf(MatchRegexp("^PleskCustomer/acme-ltd-[0-9a-f]{8}$"), MatchRegexp("^PleskCustomer/acme-ltd-[0-9a-f]{8}$"), Equal("PleskCustomer/birch")))
	g.Expect(names[0]).NotTo(Equal(names[1]))
	namer, err := ParseNameTemplate("{{.Key}} on web01")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(exported(t, client, func(o *Options) { o.Kinds, o.Name = []string{"PleskCustomer"}, namer }).names()).To(ContainElement("PleskCustomer/birch-on-web01"))
	_, err = ParseNameTemplate("{{.Nonsense}}")
	g.Expect(err).To(HaveOccurred())
}

func TestResourcesAreAddedToTheListAndNowhereElse(t *testing.T) {
	for old, want := range map[string]string{
		"resources:\n- a\n": "resources:\n- a\n- b\n",
		"resources:\n- a":   "resources:\n- a\n- b\n",
		"resources:\n":      "resources:\n- b\n",
		"a: 1\nresources:\n  - a\n# on\npatches:\n- x\n": "a: 1\nresources:\n  - a\n  - b\n# on\npatches:\n- x\n",
		"resources: [a]\n":      "",
		"kind: Kustomization\n": "",
	} {
		got, ok := addedTo([]byte(old), []string{"b"})
		if ok != (want != "") || ok && string(got) != want {
			t.Errorf("%q became %q (%t)", old, got, ok)
		}
	}
}

// A login may look like a number.
func TestAKustomizationHoldsTexts(t *testing.T) {
	g := NewWithT(t)
	dir := t.TempDir()
	root, err := os.OpenRoot(dir)
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { _ = root.Close() })
	for _, names := range [][]string{{"123456", "true"}, {"0x1f", "1e5", "off", "acme"}} {
		g.Expect(list(root, ".", names)).To(Succeed())
	}
	var content struct{ Resources []any }
	g.Expect(yaml.Unmarshal([]byte(read(t, filepath.Join(dir, "kustomization.yaml"))), &content)).To(Succeed())
	g.Expect(content.Resources).To(Equal([]any{"123456", "true", "0x1f", "1e5", "off", "acme"}))
}
