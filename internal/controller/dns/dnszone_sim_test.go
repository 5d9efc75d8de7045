// What the tests of zones work with: a PleskDNSZone, the simulated server it is on, and a look behind the client's back.

package dns

import (
	"context"
	"crypto/x509"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/dns"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// zoneTest is one PleskDNSZone, the server it is on, and a client to that server.
type zoneTest struct {
	*GomegaWithT
	ctx   context.Context
	srv   *plesksim.Server
	d     xmlapi.Doer
	o     *v1alpha1.PleskDNSZone
	name  string
	site  int64
	guid  string // of the site
	alias int64  // of the site, whose zone it is instead; 0: the site's own

	mu       sync.Mutex
	requests []string // since they were last taken
}

var addOrRemoval = regexp.MustCompile(`<(add|del)_(?:rec|master_server)>`)

// newZoneTest starts a server with one subscription, whose zone is the object's.
func newZoneTest(t *testing.T, name string, change ...func(*plesksim.Options)) *zoneTest {
	z := &zoneTest{GomegaWithT: NewWithT(t), ctx: t.Context(), name: name, o: &v1alpha1.PleskDNSZone{}}
	opts := plesksim.Options{
		OnInvalidAnswer: func(err error, request, answer []byte) {
			t.Errorf("invalid answer: %v\nrequest: %s\nanswer: %s", err, request, answer)
		},
		OnPacket: z.note,
	}
	for _, c := range change {
		c(&opts)
	}
	var err error
	z.srv, err = plesksim.New(opts)
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(z.srv.Start()).To(Succeed())
	t.Cleanup(z.srv.Close)
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(z.srv.CA())
	client, err := xmlapi.New(xmlapi.Config{URL: z.srv.URL(), Username: plesksim.DefaultLogin, Password: plesksim.DefaultPassword, RootCAs: pool, Addresses: xmlapi.Loopback})
	z.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(client.Close)
	z.d = client
	z.addSite()
	return z
}

func (z *zoneTest) addSite() {
	added, err := webspace.Add.One(z.ctx, z.srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: z.name, IPAddresses: []string{"198.51.100.7"}}})
	z.Expect(err).NotTo(HaveOccurred())
	z.site, z.guid = added.ID, added.GUID
}

func (z *zoneTest) removeSite() {
	_, err := webspace.Del.One(z.ctx, z.srv, xmlapi.FilterRequest{Filter: webspace.ByID(z.site)})
	z.Expect(err).NotTo(HaveOccurred())
}

func (z *zoneTest) note(p plesksim.Packet) {
	z.mu.Lock()
	defer z.mu.Unlock()
	z.requests = append(z.requests, string(p.Request))
}

// sent returns the requests since it was last called. One is noted after its answer may have been read, but before the same
// connection is asked again.
func (z *zoneTest) sent() []string {
	z.find()
	z.mu.Lock()
	defer z.mu.Unlock()
	out := z.requests
	z.requests = nil
	return out
}

// written returns what each packet that was sent adds and removes, e.g. "del add add".
func (z *zoneTest) written() []string {
	var out []string
	for _, request := range z.sent() {
		var ops []string
		for _, m := range addOrRemoval.FindAllStringSubmatch(request, -1) {
			ops = append(ops, m[1])
		}
		if ops != nil {
			out = append(out, strings.Join(ops, " "))
		}
	}
	return out
}

// parent is the identity of the site or alias, which is the zone's.
func (z *zoneTest) parent() engine.Identity {
	if z.alias != 0 {
		return engine.Identity{ID: engine.IDText(z.alias)}
	}
	return engine.Identity{ID: engine.IDText(z.site), GUID: z.guid}
}

// owner is whose zone it is on the wire.
func (z *zoneTest) owner() dns.Owner {
	if z.alias != 0 {
		return dns.Owner{SiteAliasID: &z.alias}
	}
	return dns.Owner{SiteID: &z.site}
}

// which selects the zone.
func (z *zoneTest) which() xmlapi.Filter {
	if z.alias != 0 {
		return dns.BySiteAlias(z.alias)
	}
	return dns.BySite(z.site)
}

// find looks the zone up as a pass does: by its site.
func (z *zoneTest) find() *engine.Found[zoneValue] {
	zone, err := form.HostName(z.name)
	z.Expect(err).NotTo(HaveOccurred())
	found, err := Zone{}.Find(z.ctx, z.d, engine.Handle{Identity: z.parent(), Key: engine.Key{Within: z.parent(), Name: zone}})
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(found).NotTo(BeNil())
	z.Expect(found.Identity).To(Equal(z.parent()))
	z.Expect(found.Key).To(Equal(engine.Key{Within: z.parent(), Name: zone}))
	list, err := Zone{}.List(z.ctx, z.d, controllertest.KnownBy(found))
	z.Expect(err).NotTo(HaveOccurred())
	list = slices.DeleteFunc(list, func(f *engine.Found[zoneValue]) bool { return f.Identity != found.Identity }) // an alias may have a site's id
	z.Expect(list).To(HaveExactElements(found), "it is listed as it is found")
	return found
}

// compare is a pass up to the point where it writes.
func (z *zoneTest) compare() engine.Update[zoneValue] {
	if s := z.o.State(); s.GUID != "" && s.GUID != z.parent().GUID {
		Zone{}.Forget(z.o)
	}
	found := z.find()
	Zone{}.Observe(z.o, found)
	z.o.Status.ID, z.o.Status.GUID = found.ID, found.GUID
	Zone{}.Confirm(z.o, found.Value)
	want, err := wantedZone(found.Key.Name, &z.o.Spec)
	z.Expect(err).NotTo(HaveOccurred())
	z.Expect(engine.Diff(want, want)).To(BeEmpty())
	have := Zone{}.Restrict(z.o, want, found.Value)
	changes := engine.Diff(want, have)
	return engine.Update[zoneValue]{
		Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: have,
	}
}

// try is one pass, in the order in which the engine works. It returns what the pass found to write.
func (z *zoneTest) try() ([]string, error) {
	u := z.compare()
	if len(u.Changes) == 0 {
		return nil, nil
	}
	Zone{}.Record(z.o, u.Changes)
	var out []string
	for _, c := range u.Changes {
		out = append(out, fmt.Sprintf("%s: %s -> %s", c.Field, c.From, c.To))
	}
	if err := (Zone{}).Update(z.ctx, z.d, u); err != nil {
		return out, err
	}
	Zone{}.Confirm(z.o, z.find().Value)
	return out, nil
}

// owned are the records that are noted as the resource's.
func (z *zoneTest) owned() []string {
	var out []string
	for _, r := range z.o.Status.Records {
		out = append(out, r.Record)
	}
	return out
}

// pass is a pass that succeeds.
func (z *zoneTest) pass() []string {
	changes, err := z.try()
	z.Expect(err).NotTo(HaveOccurred())
	return changes
}

// silent is a pass that has nothing to write.
func (z *zoneTest) silent() {
	z.srv.ResetStats()
	z.Expect(z.pass()).To(BeEmpty())
	z.Expect(z.srv.Stats().Writes).To(BeZero())
}

// content is the zone as the server tells it, a line per record: host, type, value, opt.
func (z *zoneTest) content() []string {
	records, err := dns.GetRec.All(z.ctx, z.srv, dns.GetRecRequest{Filter: z.which().Query()})
	z.Expect(err).NotTo(HaveOccurred())
	var out []string
	for _, r := range records {
		out = append(out, strings.TrimSpace(strings.Join([]string{r.Data.Host, r.Data.Type, r.Data.Value, *r.Data.Opt}, " ")))
	}
	return out
}

// add adds a record behind the operator's back.
func (z *zoneTest) add(kind, host, value, opt string) {
	_, err := dns.AddRec.One(z.ctx, z.srv, dns.AddRecRequest{Record: dns.Record{
		Owner: z.owner(), Type: kind, Host: host, Value: value, Opt: &opt}})
	z.Expect(err).NotTo(HaveOccurred())
}

// remove removes the record of a line of content behind the operator's back.
func (z *zoneTest) remove(line string) {
	records, err := dns.GetRec.All(z.ctx, z.srv, dns.GetRecRequest{Filter: z.which().Query()})
	z.Expect(err).NotTo(HaveOccurred())
	i := slices.Index(z.content(), line)
	z.Expect(i).To(BeNumerically(">=", 0), line)
	_, err = dns.DelRec.One(z.ctx, z.srv, dns.DelRecRequest{Filter: dns.ByID(records[i].ID)})
	z.Expect(err).NotTo(HaveOccurred())
}

// state is what the server says of the zone itself.
func (z *zoneTest) state() string {
	which := z.which()
	r, err := dns.Get.One(z.ctx, z.srv, dns.GetRequest{Filter: &which, SOA: &xmlapi.Empty{}})
	z.Expect(err).NotTo(HaveOccurred())
	s := r.SOA
	return fmt.Sprintf("%s %s %d %d %d %d %d", *r.ZoneType, *r.ZoneStatus, *s.TTL, *s.Refresh, *s.Retry, *s.Expire, *s.Minimum)
}
