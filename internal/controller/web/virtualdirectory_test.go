// Virtual directories against a simulated Plesk on Windows: found by their names, since they have nothing else.

package web

import (
	"fmt"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/virtdir"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalVirtualDirectory(f *testing.F) { controllertest.FuzzNormal(f, VirtualDirectory{}) }

// aVirtual is a resource whose reference resolves to what is on the simulator.
type aVirtual = controllertest.Object[*v1alpha1.PleskVirtualDirectory, virtualValue]

const docsDirectory = `
spec:
  siteRef: {name: acme-example}
  directoryName: Docs
  realPath: manuals
  executePermission: None
  access: {read: true, write: false, scriptSource: false, browse: true, anonymous: true, windows: false, requireTLS: true}
  logVisits: false
  application: {enabled: true, parentPaths: false, mta: true, aspNetVersion: "4.8"}
  defaultDocuments: {enabled: true, names: [index.htm, default.asp]}
  asp: {bufferingLimit: 4Mi, maxRequestEntity: 204800, serverDebug: false, clientDebug: true}
  ipAccess: {allow: [198.51.100.7, 10.0.0.0/8], deny: ["0.0.0.0/0"]}
  mimeTypes: [".abc text/plain"]
  requestLimits: {byConcurrency: true, maxConcurrent: 5, byRate: true, maxRequests: 20, interval: 200ms}
`

// windows is a simulated Plesk on Windows.
func windows(t *testing.T) *plesksim.Server {
	t.Helper()
	srv, err := plesksim.New(plesksim.Options{OS: plesksim.Windows, OnInvalidAnswer: func(err error, _, answer []byte) { t.Errorf("invalid answer: %v\n%s", err, answer) }})
	if err != nil {
		t.Fatal(err)
	}
	return srv
}

func newVirtual(t *testing.T, srv *plesksim.Server, d xmlapi.Doer, manifest string) *aVirtual {
	t.Helper()
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}}})
	if err != nil {
		t.Fatal(err)
	}
	at, err := target.FindSite(t.Context(), srv, "acme.example")
	if err != nil {
		t.Fatal(err)
	}
	return &aVirtual{
		T: t, Kind: VirtualDirectory{}, D: d, O: controllertest.Parse(t, &v1alpha1.PleskVirtualDirectory{}, manifest),
		In: engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": *at}, nil),
	}
}

// shownAs reads the directory past the code under test.
func shownAs(t *testing.T, srv *plesksim.Server, name string) (virtdir.Properties, error) {
	t.Helper()
	r, err := virtdir.Get.One(t.Context(), srv, virtdir.NameRequest{SiteID: new(int64(1)), Name: name})
	if err != nil {
		return virtdir.Properties{}, err
	}
	return *r.Properties, nil
}

func TestVirtualDirectoryArrives(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, docsDirectory)
	x.Settle()
	p, err := shownAs(t, srv, "docs")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p).To(Equal(virtdir.Properties{
		RealPath: new("manuals"), AccessSource: new(false), AccessRead: new(true), AccessWrite: new(false), DirBrowsing: new(true), LogVisits: new(false),
		Application: &virtdir.Application{Enabled: &xmlapi.Empty{}, ParentPaths: new(false), RunInMTA: new(true), ASPNETVersion: new("4.8")},
		ExecutePerm: new("none"), DefaultDoc: &virtdir.DefaultDoc{Enabled: &xmlapi.Empty{}, Search: []string{"index.htm", "default.asp"}},
		Anonymous: new(true), WindowsAccess: new(false), RequireSSL: new(true),
		ASPBufferingLimit: new(int64(4 << 20)), ASPMaxRequestEntity: new(int64(204800)), ASPServerDebug: new(false), ASPClientDebug: new(true),
		IPAllow: []string{"10.0.0.0/8", "198.51.100.7"}, IPDeny: []string{"0.0.0.0/0"}, MIMETypes: []string{".abc text/plain"},
		DenyByConcurrentRequests: new(true), MaxConcurrentRequests: new(int64(5)), DenyByRequestRate: new(true), MaxRequests: new(int64(20)), RequestInterval: new(int64(200)),
	}))
	at := x.In.Ref("spec.siteRef").Identity
	g.Expect(x.ID).To(Equal(engine.Identity{ID: at.GUID + "/docs"}))
	g.Expect(x.Was).To(Equal(engine.Key{Within: at, Name: "/docs"}))
	g.Expect(*x.O.Status.Observed).To(Equal(v1alpha1.ObservedVirtualDirectory{RealPath: "manuals", ExecutePermission: "None", Application: new(true)}))
}

// Every field by itself: the change is seen, written by one operation, and there afterwards.
func TestVirtualDirectoryFields(t *testing.T) {
	for _, c := range []struct {
		spec   string
		fields []string
	}{
		{`realPath: books`, []string{"realPath"}},
		{`executePermission: ScriptsAndExecutables`, []string{"executePermission"}},
		{`access: {browse: false, anonymous: false}`, []string{"access.anonymous", "access.browse"}},
		{`access: null, logVisits: null, asp: null, mimeTypes: null, requestLimits: null`, nil},
		{`logVisits: true`, []string{"logVisits"}},
		{`application: {mta: null, parentPaths: true}`, []string{"application.parentPaths"}},
		{`application: {enabled: false, parentPaths: null, mta: null, aspNetVersion: null}`, []string{"application.enabled"}},
		{`defaultDocuments: {names: [default.asp, index.htm]}`, []string{"defaultDocuments.names"}},
		{`defaultDocuments: {enabled: false, names: null}`, []string{"defaultDocuments.enabled"}},
		{`asp: {bufferingLimit: 4096Ki}`, nil},
		{`asp: {bufferingLimit: 8Mi, clientDebug: false}`, []string{"asp.bufferingLimit", "asp.clientDebug"}},
		{`ipAccess: {allow: [10.0.0.0/8, 198.51.100.7/32]}`, nil},
		{`ipAccess: {allow: [10.0.0.0/8], deny: null}`, []string{"ipAccess.allow"}},
		{`mimeTypes: [".xyz text/plain"]`, []string{"mimeTypes"}},
		{`requestLimits: {interval: 1s, maxRequests: 9}`, []string{"requestLimits.interval", "requestLimits.maxRequests"}},
	} {
		t.Run(c.spec, func(t *testing.T) {
			srv := windows(t)
			r := &controllertest.Recording{Doer: srv}
			x := newVirtual(t, srv, r, docsDirectory)
			x.Settle()
			r.Sent = nil
			x.Edit("spec: {"+c.spec+"}", c.fields...)
			if writes := strings.Count(strings.Join(r.Sent, ""), "<update>"); writes != min(1, len(c.fields)) {
				t.Errorf("%d operations wrote: %q", writes, r.Sent)
			}
		})
	}
}

// What the spec does not set of an application goes along as the server has it: the protocol takes it as a whole.
func TestApplicationsAreWrittenWhole(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, docsDirectory)
	x.Settle()
	x.Edit(`spec: {application: {parentPaths: true, mta: null, aspNetVersion: null}, defaultDocuments: {names: null}}`, "application.parentPaths")
	p, err := shownAs(t, srv, "docs")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Application).To(HaveValue(Equal(virtdir.Application{Enabled: &xmlapi.Empty{}, ParentPaths: new(true), RunInMTA: new(true), ASPNETVersion: new("4.8")})))
	x.Edit(`spec: {application: {enabled: false, parentPaths: null}, defaultDocuments: {enabled: false}}`, "application.enabled", "defaultDocuments.enabled")
	x.Edit(`spec: {application: {enabled: true}, defaultDocuments: {enabled: true}}`, "application.enabled", "defaultDocuments.enabled")
	p, err = shownAs(t, srv, "docs")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.Application).To(HaveValue(Equal(virtdir.Application{Enabled: &xmlapi.Empty{}, RunInMTA: new(false)})))
	g.Expect(p.DefaultDoc).To(HaveValue(Equal(virtdir.DefaultDoc{Enabled: &xmlapi.Empty{}})))
}

// A directory is the same in any case, and whether or not slashes stand around it.
func TestVirtualDirectoryNames(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, `spec: {siteRef: {name: acme-example}, directoryName: Docs/API}`)
	x.Settle()
	id := x.ID
	for _, name := range []string{"/docs/api/", "DOCS//API"} {
		x.Edit(fmt.Sprintf(`spec: {directoryName: %q}`, name))
		g.Expect(x.ID).To(Equal(id), name)
	}
}

// The site itself is always there.
func TestVirtualDirectoryOfTheSite(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, `spec: {siteRef: {name: acme-example}, directoryName: /, access: {browse: true}}`)
	x.Settle()
	p, err := shownAs(t, srv, "/")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(p.DirBrowsing).To(HaveValue(BeTrue()))
}

// Known directories are listed in one packet beside their sites'.
func TestVirtualDirectoriesAreListed(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, docsDirectory)
	x.Settle()
	_, err := virtdir.Create.One(t.Context(), srv, virtdir.PropertiesRequest{SiteID: new(int64(1)), Name: "others"})
	g.Expect(err).NotTo(HaveOccurred())
	list := controllertest.ExpectListed(t, VirtualDirectory{}, srv, 2, x.Handle(engine.Key{}))
	g.Expect(list).To(HaveLen(1), "nobody has asked for others")
	at := x.In.Ref("spec.siteRef").Identity
	none, err := VirtualDirectory{}.List(t.Context(), srv, engine.Known{IDs: []string{at.GUID + "/gone", "another-site/docs"}, Parents: []string{at.ID}})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(none).To(BeEmpty())
}

// A directory is removed by its name in the site that has its GUID.
func TestVirtualDirectoryIsDeleted(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, docsDirectory)
	x.Settle()
	found, err := x.Find(engine.Key{})
	g.Expect(err).NotTo(HaveOccurred())
	contents, err := x.Kind.Contents(t.Context(), srv, found)
	g.Expect(contents, err).To(BeNil())
	g.Expect(srv.Renumber("webspace", map[int64]int64{1: 77})).To(Succeed())
	g.Expect(x.Kind.Delete(t.Context(), srv, found)).To(Succeed())
	gone, err := x.Find(engine.Key{})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(gone).To(BeNil())
	g.Expect(xmlapi.IsNotFound(x.Kind.Delete(t.Context(), srv, found))).To(BeTrue())
}

// On Linux the message says what is wrong, whatever language the panel speaks.
func TestVirtualDirectoryOnLinux(t *testing.T) {
	g := NewWithT(t)
	srv, c := controllertest.Simulated(t)
	x := newVirtual(t, srv, c, docsDirectory)
	_, err := x.Pass()
	g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Invalid))
	g.Expect(err).To(MatchError(ContainSubstring("only servers on Windows have virtual directories")))
}

func TestVirtualDirectoryThatIsNotShown(t *testing.T) {
	g := NewWithT(t)
	srv := windows(t)
	x := newVirtual(t, srv, srv, docsDirectory)
	x.Settle()
	for what, results := range map[string][]virtdir.GetResult{
		"the site is there, and the directory says that it is not": {{FilterResult: xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusError, Code: xmlapi.CodeOwnerNotFound}}}},
		"two directories": {
			{FilterResult: xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusOK}}, Properties: &virtdir.Properties{}},
			{FilterResult: xmlapi.FilterResult{Result: xmlapi.Result{Status: xmlapi.StatusOK}}, Properties: &virtdir.Properties{}},
		},
	} {
		x.D = controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
			err := srv.Do(t.Context(), calls...)
			for _, call := range calls {
				if c, ok := call.(*xmlapi.Call[virtdir.NameRequest, virtdir.GetResult]); ok {
					c.Results = results
				}
			}
			return err
		})
		_, err := x.Find(engine.Key{})
		g.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%s: %v", what, err)
	}
	_, err := VirtualDirectory{}.Find(t.Context(), srv, engine.Handle{Key: engine.Key{Within: engine.Identity{ID: "1"}, Name: "/docs"}})
	g.Expect(err).To(HaveOccurred(), "without a GUID any site can have the id")
}

func TestPrivilegesOfVirtualDirectories(t *testing.T) {
	const site = `siteRef: {name: acme-example}, directoryName: docs`
	controllertest.ExpectPrivileged(t, func(t *testing.T, manifest string) []string {
		return controllertest.Privileges(t, VirtualDirectory{}, &v1alpha1.PleskVirtualDirectory{}, manifest)
	}, map[string][]string{
		site:                               nil,
		site + `, realPath: manuals`:       {"realPath"},
		site + `, executePermission: None`: {"executePermission"},
		site + `, access: {read: true, browse: true}, logVisits: true, defaultDocuments: {enabled: false}`: nil,
	})
}

func TestIntervals(t *testing.T) {
	g := NewWithT(t)
	for interval, ms := range map[time.Duration]int{time.Second: 1000, 1500 * time.Millisecond: 1500, time.Millisecond: 1, 0: 0} {
		o := &v1alpha1.PleskVirtualDirectory{}
		controllertest.Parse(t, o, strings.ReplaceAll(`spec: {siteRef: {name: a}, directoryName: docs, requestLimits: {interval: I}}`, "I", interval.String()))
		_, w, err := VirtualDirectory{}.Desired(o, engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": {Identity: engine.Identity{ID: "1", GUID: "g"}}}, nil))
		if ms == 0 {
			g.Expect(err).To(HaveOccurred())
			continue
		}
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(w.Interval).To(HaveValue(Equal(ms)))
	}
}
