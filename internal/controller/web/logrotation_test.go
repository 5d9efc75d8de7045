// How the logs of a site are rotated, against a simulated Plesk: only what is set is compared and written.

package web

import (
	"errors"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/controller/target"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/logrotation"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

func FuzzNormalLogRotation(f *testing.F) { controllertest.FuzzNormal(f, LogRotation{}) }

// someLogs are those of a new subscription's site.
type someLogs struct {
	*WithT
	t   *testing.T
	srv *plesksim.Server
	d   *controllertest.Recording
	at  engine.Resolved
	o   *v1alpha1.PleskLogRotation
}

func newLogs(t *testing.T, spec string) *someLogs {
	t.Helper()
	srv, c := controllertest.Simulated(t)
	_, err := webspace.Add.One(t.Context(), srv, webspace.AddRequest{GenSetup: webspace.NewGenSetup{Name: "acme.example", IPAddresses: []string{"198.51.100.7"}}})
	if err != nil {
		t.Fatal(err)
	}
	at, err := target.FindSite(t.Context(), srv, "acme.example")
	if err != nil {
		t.Fatal(err)
	}
	x := &someLogs{WithT: NewWithT(t), t: t, srv: srv, d: &controllertest.Recording{Doer: c}, at: *at, o: &v1alpha1.PleskLogRotation{}}
	x.edit(spec)
	return x
}

func (x *someLogs) edit(spec string) {
	x.t.Helper()
	controllertest.Parse(x.t, x.o, `spec: {siteRef: {external: acme.example}, `+spec+`}`)
}

// pass makes the server look like the spec and returns what was different.
func (x *someLogs) pass() ([]string, error) {
	x.t.Helper()
	k := LogRotation{}
	_, want, err := k.Desired(x.o, engine.NewInputs("", map[string]engine.Resolved{"spec.siteRef": x.at}, nil))
	x.Expect(err).NotTo(HaveOccurred())
	want = k.Normal(want)
	found, err := k.Find(x.t.Context(), x.d, engine.Handle{Identity: x.at.Identity})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(found.Key).To(Equal(engine.Key{Within: x.at.Identity, Name: "acme.example"}))
	k.Observe(x.o, found)
	controllertest.ExpectListed(x.t, k, x.d, 1, engine.Handle{Identity: x.at.Identity})
	changes := engine.Diff(want, k.Normal(found.Value))
	if len(changes) == 0 {
		return nil, nil
	}
	err = k.Update(x.t.Context(), x.d, engine.Update[rotationValue]{
		Identity: found.Identity, Changes: changes, Patch: engine.Only(want, changes), Want: want, Have: k.Normal(found.Value),
	})
	return controllertest.FieldsOf(changes), err
}

// settles checks what is written, and that nothing is left to do.
func (x *someLogs) settles(fields ...string) {
	x.t.Helper()
	changed, err := x.pass()
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(changed).To(ConsistOf(fields))
	left, err := x.pass()
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(left).To(BeEmpty(), "the second pass is silent")
}

func (x *someLogs) settings() hosting.LogRotation {
	x.t.Helper()
	id, err := engine.Number(x.at.ID)
	x.Expect(err).NotTo(HaveOccurred())
	r, err := logrotation.Get.One(x.t.Context(), x.srv, xmlapi.QueryRequest{Filter: logrotation.BySite(id).Query()})
	x.Expect(err).NotTo(HaveOccurred())
	return *r.Settings
}

func TestLogRotation(t *testing.T) {
	x := newLogs(t, `enabled: true, size: 10Mi`) // as every site has it that has no plan
	x.settles()
	x.Expect(*x.o.Status.Observed).To(Equal(v1alpha1.ObservedLogRotation{Enabled: true, Size: "10Mi", MaxFiles: new(int32(10)), Compress: new(true)}))
	x.edit(`size: null, schedule: Weekly, email: " logs@acme.example "`)
	x.settles("schedule", "email")
	x.Expect(x.settings()).To(Equal(hosting.LogRotation{
		Condition: hosting.LogCondition{ByTime: new("Weekly")}, MaxFiles: new(10), Compress: new(true), Email: new("logs@acme.example"),
	}), "what the spec does not set stays")
	x.edit(`schedule: null, size: 20480Ki, email: ""`)
	x.settles("size", "email")
	x.Expect(x.settings().Condition).To(Equal(hosting.LogCondition{BySize: new(20 << 20)}))
	x.edit(`enabled: false`)
	x.settles("enabled")
	x.Expect(x.o.Status.Observed.Enabled).To(BeFalse())
}

// The protocol wants the condition with every change: what the spec does not set is written as the server has it.
func TestLogRotationKeepsTheConditionThatIsNotSet(t *testing.T) {
	x := newLogs(t, `maxFiles: 3`)
	x.settles("maxFiles")
	x.Expect(x.settings().Condition).To(Equal(hosting.LogCondition{BySize: new(10 << 20)}))
	x.edit(`maxFiles: null, schedule: Daily`)
	x.settles("schedule")
	x.edit(`schedule: null, compress: false`)
	x.settles("compress")
	x.Expect(x.settings()).To(Equal(hosting.LogRotation{
		Condition: hosting.LogCondition{ByTime: new("Daily")}, MaxFiles: new(3), Compress: new(false),
	}))
}

// Rotation begins as it is described: it is switched on last.
func TestLogRotationIsSwitchedOnLast(t *testing.T) {
	x := newLogs(t, `enabled: false`)
	x.settles("enabled")
	x.edit(`enabled: true, schedule: Daily`)
	x.d.Sent = nil
	x.settles("enabled", "schedule")
	var writes []string
	for _, packet := range x.d.Sent {
		for _, write := range []string{"<set>", "<enable>", "<disable>"} {
			if strings.Contains(packet, write) {
				writes = append(writes, write)
			}
		}
	}
	x.Expect(writes).To(Equal([]string{"<set>", "<enable>"}))
}

// The site is known by its GUID where its id has moved.
func TestLogRotationFollowsItsSite(t *testing.T) {
	x := newLogs(t, `enabled: true`)
	found, err := LogRotation{}.Find(t.Context(), x.d, engine.Handle{Identity: engine.Identity{ID: "77", GUID: x.at.GUID}})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(found.Identity).To(Equal(x.at.Identity))
	gone, err := LogRotation{}.Find(t.Context(), x.d, engine.Handle{Identity: engine.Identity{ID: x.at.ID, GUID: "another-guid"}})
	x.Expect(err).NotTo(HaveOccurred())
	x.Expect(gone).To(BeNil(), "the id is another site's")
}

// A site that is there has log rotation: a server that says otherwise is not believed.
func TestLogRotationThatIsNotShown(t *testing.T) {
	x := newLogs(t, `enabled: true`)
	for _, op := range []string{logrotation.Get.Name(), logrotation.GetStatus.Name()} {
		hiding := controllertest.DoerFunc(func(calls []xmlapi.Caller) error {
			err := x.srv.Do(t.Context(), calls...)
			for _, c := range calls {
				switch c := c.(type) {
				case *xmlapi.Call[xmlapi.QueryRequest, logrotation.GetResult]:
					if op == logrotation.Get.Name() {
						c.Results = nil
					}
				case *xmlapi.Call[xmlapi.QueryRequest, logrotation.GetStatusResult]:
					if op == logrotation.GetStatus.Name() {
						c.Results = nil
					}
				}
			}
			return err
		})
		_, err := LogRotation{}.Find(t.Context(), hiding, engine.Handle{Identity: x.at.Identity})
		x.Expect(xmlapi.ClassOf(err)).To(Equal(xmlapi.Transient), "%s: %v", op, err)
	}
}

// A refusal of a value is about the one that the schema cannot judge, where that was written.
func TestLogRotationRefusals(t *testing.T) {
	x := newLogs(t, `email: logs@nowhere`)
	_, err := x.pass()
	_, refused := errors.AsType[*xmlapi.Error](err)
	x.Expect(refused).To(BeTrue(), "%v", err)
	x.Expect(err).To(MatchError(ContainSubstring("(spec.email)")))
}
