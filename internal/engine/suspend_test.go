// What PleskSuspensions come to: decided by what is recorded and what the server shows, in every combination.

package engine

import (
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	clocktesting "k8s.io/utils/clock/testing"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

const (
	byBackup, byWeb, byAdmin, byReseller, byCustomer, byExpiry = xmlapi.StatusBackupRunning, xmlapi.StatusSuspendedByAdmin, xmlapi.StatusDisabledByAdmin,
		xmlapi.StatusDisabledByReseller, xmlapi.StatusDisabledByCustomer, xmlapi.StatusExpired
	byOwner xmlapi.Status = 2
	others                = byWeb | byReseller | byCustomer
)

// as is a situation with the credentials of a role.
func as(role v1alpha1.ServerRole, wanted bool, has xmlapi.Status, record *v1alpha1.Suspension) situation {
	return situation{wanted: wanted, record: record, has: has, own: ownReason[role], taken: takenBy[role], putBack: others}
}

func suspendedFor(reason xmlapi.Status) *v1alpha1.Suspension {
	return &v1alpha1.Suspension{Reason: reason.String()}
}

func begun(act v1alpha1.SuspensionAct, reason, of xmlapi.Status) *v1alpha1.Suspension {
	return &v1alpha1.Suspension{Reason: reason.String(), Pending: &v1alpha1.PendingSuspension{Act: act, Others: of.Reasons()}}
}

func TestSuspensionIsDecided(t *testing.T) {
	const admin, reseller, customer = v1alpha1.RoleAdministrator, v1alpha1.RoleReseller, v1alpha1.RoleCustomer
	const suspends, resumes = v1alpha1.ActSuspend, v1alpha1.ActResume
	found := &v1alpha1.Suspension{Reason: byAdmin.String(), Found: true}
	lost := &v1alpha1.Suspension{Reason: byAdmin.String(), Lost: true}
	type statuses = []xmlapi.Status
	for name, c := range map[string]struct {
		in   situation
		want decision
	}{
		"nothing stands, nothing was done": {as(admin, false, 0, nil), decision{}},
		"others' reasons are others'":      {as(admin, false, byAdmin|byCustomer, nil), decision{}},

		"it is suspended":                       {as(admin, true, 0, nil), decision{act: suspends, reason: byAdmin, writes: statuses{byAdmin}}},
		"beside others' reasons":                {as(admin, true, byCustomer|byExpiry|byOwner, nil), decision{act: suspends, reason: byAdmin, writes: statuses{byAdmin}}},
		"what was set before is found":          {as(admin, true, byAdmin, nil), decision{reason: byAdmin, found: true}},
		"and stays found":                       {as(admin, true, byAdmin, found), decision{reason: byAdmin, found: true}},
		"until somebody has lifted it":          {as(admin, true, 0, found), decision{act: suspends, reason: byAdmin, writes: statuses{byAdmin}}},
		"what was found is never lifted":        {as(admin, false, byAdmin, found), decision{}},
		"what is suspended stays":               {as(admin, true, byAdmin, suspendedFor(byAdmin)), decision{act: suspends, reason: byAdmin}},
		"what somebody lifts is suspended anew": {as(admin, true, 0, suspendedFor(byAdmin)), decision{act: suspends, reason: byAdmin, writes: statuses{byAdmin}}},

		"what was lost and is there again is somebody's": {as(admin, true, byAdmin, lost), decision{reason: byAdmin, found: true}},
		"also when nothing stands any more":              {as(admin, false, byAdmin, lost), decision{}},
		"what was lost is suspended anew":                {as(admin, true, 0, lost), decision{act: suspends, reason: byAdmin, writes: statuses{byAdmin}}},

		"after a crash before the write":           {as(admin, true, 0, begun(suspends, byAdmin, 0)), decision{act: suspends, reason: byAdmin, writes: statuses{byAdmin}}},
		"after a crash behind it it is ours":       {as(admin, true, byAdmin, begun(suspends, byAdmin, 0)), decision{act: suspends, reason: byAdmin}},
		"which is not wanted any more: never sent": {as(admin, false, 0, begun(suspends, byAdmin, 0)), decision{}},
		"which is not wanted any more: done":       {as(admin, false, byAdmin, begun(suspends, byAdmin, 0)), decision{act: resumes, reason: byAdmin, writes: statuses{0}}},

		"it is resumed":                    {as(admin, false, byAdmin, suspendedFor(byAdmin)), decision{act: resumes, reason: byAdmin, writes: statuses{0}}},
		"somebody has resumed it":          {as(admin, false, byCustomer, suspendedFor(byAdmin)), decision{}},
		"what comes by itself is left out": {as(admin, false, byAdmin|byBackup|byExpiry|byOwner|1, suspendedFor(byAdmin)), decision{act: resumes, reason: byAdmin, writes: statuses{0}}},
		"others' reasons are put back": {as(admin, false, byAdmin|byWeb|byReseller|byCustomer, suspendedFor(byAdmin)),
			decision{act: resumes, reason: byAdmin, others: others, writes: statuses{0, byWeb, byReseller, byCustomer}}},

		"a resume that was begun and not sent": {as(admin, false, byAdmin|byCustomer, begun(resumes, byAdmin, byCustomer)),
			decision{act: resumes, reason: byAdmin, others: byCustomer, writes: statuses{0, byCustomer}}},
		"a resume that lost half of the reasons": {as(admin, false, byReseller, begun(resumes, byAdmin, byReseller|byCustomer)),
			decision{act: resumes, reason: byAdmin, others: byReseller | byCustomer, writes: statuses{byCustomer}}},
		"a resume that is done": {as(admin, false, byCustomer, begun(resumes, byAdmin, byCustomer)), decision{}},
		"a resume that somebody has overtaken": {as(admin, false, byAdmin, begun(resumes, byAdmin, byCustomer)),
			decision{act: resumes, reason: byAdmin, others: byCustomer, writes: statuses{0, byCustomer}}},
		"a resume that is half done, and not wanted any more": {as(admin, true, 0, begun(resumes, byAdmin, byCustomer)),
			decision{act: suspends, reason: byAdmin, others: byCustomer, writes: statuses{byAdmin, byCustomer}}},

		"a reseller has a reason of their own":            {as(reseller, true, byAdmin, nil), decision{act: suspends, reason: byReseller, writes: statuses{byReseller}}},
		"and takes back no other":                         {as(reseller, false, byAdmin|byReseller, suspendedFor(byReseller)), decision{act: resumes, reason: byReseller, writes: statuses{0}}},
		"nor an administrator's that was ours":            {as(reseller, false, byAdmin, suspendedFor(byAdmin)), decision{reason: byAdmin}},
		"which suspends all the same":                     {as(reseller, true, byAdmin, suspendedFor(byAdmin)), decision{act: suspends, reason: byAdmin}},
		"until it is lifted":                              {as(reseller, true, 0, suspendedFor(byAdmin)), decision{act: suspends, reason: byReseller, writes: statuses{byReseller}}},
		"an administrator takes back what a reseller set": {as(admin, false, byReseller, suspendedFor(byReseller)), decision{act: resumes, reason: byReseller, writes: statuses{0}}},
		"a customer has one, too":                         {as(customer, false, byReseller|byCustomer, suspendedFor(byCustomer)), decision{act: resumes, reason: byCustomer, writes: statuses{0}}},
	} {
		t.Run(name, func(t *testing.T) { NewWithT(t).Expect(c.in.decide()).To(Equal(c.want)) })
	}
}

// What cannot be put back is not taken away: the object is out of service anyhow.
func TestWhatCannotBePutBackIsNotTakenAway(t *testing.T) {
	g := NewWithT(t)
	s := as(v1alpha1.RoleAdministrator, false, byAdmin|byReseller, suspendedFor(byAdmin))
	s.putBack = 0
	g.Expect(s.decide()).To(Equal(decision{reason: byAdmin}))
	s.has = byAdmin | byExpiry
	g.Expect(s.decide().writes).To(Equal([]xmlapi.Status{0}))
}

// written is the status that a Plesk comes to, as the documents describe it: 0 takes away what the role may, one bit adds itself.
func written(role v1alpha1.ServerRole, has xmlapi.Status, writes []xmlapi.Status) xmlapi.Status {
	for _, w := range writes {
		if has |= w; w == 0 {
			has &^= takenBy[role]
		}
	}
	return has
}

// Whatever is there, wanted and recorded, and wherever the writes are cut off: nobody else's reason is lost for good or lifted, nothing that is not
// ours to write is written, and it comes to rest.
func TestSuspensionConverges(t *testing.T) {
	for role, own := range ownReason {
		for has := range xmlapi.Status(512) {
			for _, wanted := range []bool{false, true} {
				for _, record := range []*v1alpha1.Suspension{nil, suspendedFor(own), {Reason: own.String(), Found: true}, begun(v1alpha1.ActSuspend, own, 0)} {
					for cut := range 5 {
						what := fmt.Sprintf("%s has %d, wanted %t, recorded %+v, cut after %d", role, has, wanted, record, cut)
						g := NewWithT(t)
						is, keeps := has, has&^own
						if record == nil && has&own != 0 || record != nil && record.Found {
							keeps = has
						}
						now := record
						for round := 0; ; round++ {
							g.Expect(round).To(BeNumerically("<", 4), what)
							to := as(role, wanted, is, now).decide()
							if len(to.writes) == 0 {
								suspended := is&own != 0
								g.Expect(suspended).To(Equal(wanted || keeps&own != 0), what)
								break
							}
							for _, w := range to.writes {
								g.Expect(w).To(BeElementOf(xmlapi.Status(0), byWeb, byAdmin, byReseller, byCustomer), what)
							}
							now = begun(to.act, to.reason, to.others)
							writes := to.writes
							if round == 0 && cut < len(writes) {
								writes = writes[:cut]
							}
							is = written(role, is, writes)
						}
						g.Expect(is&keeps).To(Equal(keeps), what)
					}
				}
			}
		}
	}
}

func suspensionOf(name string, change ...func(*v1alpha1.PleskSuspension)) v1alpha1.PleskSuspension {
	s := v1alpha1.PleskSuspension{}
	s.Namespace, s.Name, s.UID, s.Generation = "shop", name, types.UID(name), 1
	s.Spec = v1alpha1.PleskSuspensionSpec{TargetRef: v1alpha1.SuspensionTarget{Kind: "PleskCustomer", Name: "acme"}, Reason: "because of " + name}
	for _, c := range change {
		c(&s)
	}
	return s
}

func TestPhasesOfASuspension(t *testing.T) {
	g := NewWithT(t)
	at := time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC)
	from := func(d time.Duration) func(*v1alpha1.PleskSuspension) {
		return func(s *v1alpha1.PleskSuspension) { s.Spec.Since = new(metav1.NewTime(at.Add(d))) }
	}
	to := func(d time.Duration) func(*v1alpha1.PleskSuspension) {
		return func(s *v1alpha1.PleskSuspension) { s.Spec.Until = new(metav1.NewTime(at.Add(d))) }
	}
	going := func(s *v1alpha1.PleskSuspension) { s.DeletionTimestamp = new(metav1.NewTime(at)) }
	for _, c := range []struct {
		s     v1alpha1.PleskSuspension
		phase suspensionPhase
		again time.Duration // until the clock is looked at again
	}{
		{suspensionOf("plain"), suspensionStands, 0},
		{suspensionOf("since now", from(0)), suspensionStands, 0},
		{suspensionOf("since soon", from(time.Second)), suspensionWaits, time.Second},
		{suspensionOf("since later", from(time.Hour)), suspensionWaits, clockCheck},
		{suspensionOf("until now", to(0)), suspensionEnded, 0},
		{suspensionOf("until before", to(-time.Hour)), suspensionEnded, 0},
		{suspensionOf("until soon", to(time.Second)), suspensionStands, time.Second},
		{suspensionOf("until later", to(time.Hour)), suspensionStands, clockCheck},
		{suspensionOf("leaving", going), suspensionEnded, 0},
	} {
		g.Expect(phaseOf(&c.s, at)).To(Equal(c.phase), c.s.Name)
		g.Expect(untilNextPhase(&c.s, at)).To(Equal(c.again), c.s.Name)
	}
	stand := standing([]v1alpha1.PleskSuspension{suspensionOf("z"), suspensionOf("past", to(0)), suspensionOf("a", to(time.Hour))}, at)
	g.Expect(stand).To(HaveExactElements(HaveField("Name", "a"), HaveField("Name", "z")))
	g.Expect(lastUntil(stand)).To(BeNil(), "one has no end")
	g.Expect(lastUntil([]v1alpha1.PleskSuspension{suspensionOf("a", to(time.Hour)), suspensionOf("b", to(time.Minute))}).Time).To(Equal(at.Add(time.Hour)))
}

// What is shown names the suspensions, and stays bounded.
func TestSuspensionIsShown(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC))
	var objects []client.Object
	for i := range maxHolders + 5 {
		s := suspensionOf(fmt.Sprintf("s%02d", i))
		objects = append(objects, &s)
	}
	elsewhere, another := suspensionOf("elsewhere"), suspensionOf("another")
	elsewhere.Namespace, another.Spec.TargetRef.Name = "other", "birch"
	p := lone(t, clock, append(objects, &elsewhere, &another)...)
	p.kind = suspendingKind{}
	g.Expect(p.readSuspensions(t.Context())).To(BeNil())
	g.Expect(p.standing).To(HaveLen(maxHolders+5), "those of its own namespace, for it")
	p.o.Status.Suspension = p.shownSuspension(decision{reason: byAdmin})
	g.Expect(p.o.Status.Suspension.By).To(HaveLen(maxHolders))
	p.judge(available())
	c := meta.FindStatusCondition(p.o.Status.Conditions, v1alpha1.ConditionSuspended)
	g.Expect(c).To(HaveValue(And(HaveField("Status", metav1.ConditionTrue), HaveField("Reason", v1alpha1.ReasonOutOfService), HaveField("ObservedGeneration", int64(3)),
		HaveField("Message", And(ContainSubstring(`"s00" (because of s00)`), ContainSubstring("and 20 more"))))))
	g.Expect(p.suspendedByUs()).To(Equal(byAdmin))

	p.o.Status.Suspension.Pending = &v1alpha1.PendingSuspension{Act: v1alpha1.ActSuspend}
	p.judge(available())
	g.Expect(meta.FindStatusCondition(p.o.Status.Conditions, v1alpha1.ConditionSuspended)).To(BeNil(), "not before it is seen")
	g.Expect(listable(p.o)).To(BeFalse())
	p.o.Status.Suspension = nil
	p.knowsStanding = false
	p.o.Status.Conditions = append(p.o.Status.Conditions, *c)
	p.judge(halted(v1alpha1.ReasonSuspended, "paused"))
	g.Expect(meta.FindStatusCondition(p.o.Status.Conditions, v1alpha1.ConditionSuspended)).NotTo(BeNil(), "who has not asked leaves it")
}

// suspendingKind is a Suspender and nothing else that these tests use.
type suspendingKind struct {
	Kind[*v1alpha1.PleskCustomer, sample]
	Suspender[*v1alpha1.PleskCustomer, sample]
}

// What is to work again comes before all else, what is to be suspended with what users have just changed.
func TestResumeComesFirst(t *testing.T) {
	g := NewWithT(t)
	clock := clocktesting.NewFakePassiveClock(time.Date(2031, 1, 2, 3, 4, 5, 0, time.UTC))
	s := suspensionOf("a")
	for name, c := range map[string]struct {
		record *v1alpha1.Suspension
		stands []client.Object
		want   urgency
	}{
		"nothing":    {nil, nil, forResync},
		"to suspend": {nil, []client.Object{&s}, forUser},
		"suspended":  {suspendedFor(byAdmin), []client.Object{s.DeepCopy()}, forResync},
		"to resume":  {suspendedFor(byAdmin), nil, forResume},
		"half done":  {begun(v1alpha1.ActResume, byAdmin, 0), nil, forResume},
	} {
		p := lone(t, clock, c.stands...)
		p.self.suspends = true
		p.o.Status.Suspension = c.record
		g.Expect(p.urgencyBySuspensions(t.Context(), p.o)).To(Equal(c.want), name)
	}
	q := &queue{waiting: map[job]urgency{}}
	q.push(jobOf("PleskCustomer", "resync"), forResync)
	q.push(jobOf("PleskCustomer", "edit"), forUser)
	q.push(jobOf("PleskCustomer", "resume"), forResume)
	first, _, _ := q.pop()
	g.Expect(first).To(Equal(jobOf("PleskCustomer", "resume")))
}
