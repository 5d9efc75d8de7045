// What an event names: the objects that it is about, and no other one that happens to bear its number.

package engine

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
)

func TestNamedBy(t *testing.T) {
	c := &v1alpha1.PleskCustomer{}
	c.Status.ID, c.Status.GUID, c.Status.Key = "7", "1f0c", "acme"
	c.Status.Parent = &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: "3"}}
	observed := &v1alpha1.PleskCustomer{}
	observed.Status.Observing = &v1alpha1.ObjectIdentity{ID: "9"}
	for name, c := range map[string]struct {
		object v1alpha1.Object
		named  string
		want   bool
	}{
		"its id":                     {c, "7", true},
		"its GUID":                   {c, "1f0c", true},
		"its name":                   {c, "acme", true},
		"what it lies in":            {c, "3", true},
		"another id":                 {c, "8", false},
		"nothing":                    {c, "", false},
		"what it only observes":      {observed, "9", true},
		"an object without a record": {&v1alpha1.PleskCustomer{}, "", false},
	} {
		named := map[string]bool{c.named: false}
		if have := namedBy(named, c.object); have != c.want || named[c.named] != c.want {
			t.Errorf("%s: %v, %v", name, have, named)
		}
	}
}

// Whoever works on a server for long does not have everything read again that is not as it should be.
func TestWhatAnEventAboutNobodyMayMean(t *testing.T) {
	object := func(id string, ready metav1.ConditionStatus) *v1alpha1.PleskCustomer {
		c := &v1alpha1.PleskCustomer{}
		c.Status.ID = id
		c.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: ready}}
		return c
	}
	for name, c := range map[string]struct {
		object    *v1alpha1.PleskCustomer
		eventType string
		want      bool
	}{
		"in sync: the list says":            {object("7", metav1.ConditionTrue), "updated", true},
		"not as it should be, and known":    {object("7", metav1.ConditionFalse), "created", false},
		"not there, and something has come": {object("", metav1.ConditionFalse), "created", true},
		"not there, and something has gone": {object("", metav1.ConditionFalse), "deleted", true},
		"not there, and something changed":  {object("", metav1.ConditionFalse), "updated", false},
	} {
		if have := mayMean(c.object, []eventlog.Event{{Type: c.eventType}}); have != c.want {
			t.Errorf("%s: %v", name, have)
		}
	}
}

// What waits for something that only the server has is told when something of that sort has come; what is as it should be, or waits for resources, is not.
func TestWhatWaitsOutside(t *testing.T) {
	sites := &kindInfo{name: "PleskSite", classes: []string{"site"}}
	mail := &kindInfo{name: "PleskMailAccount", refs: []reference{{kinds: []string{"PleskSite"}, get: func(o client.Object) []Mention {
		ref := o.(*v1alpha1.PleskMailAccount).Spec.SiteRef
		return []Mention{{Name: ref.Name, External: ref.External}}
	}}}}
	e := &Engine{kinds: []*kindInfo{sites, mail}}
	for name, c := range map[string]struct {
		event eventlog.Event
		want  bool
	}{
		"a site that was made":    {eventlog.Event{Class: "site", Type: "created"}, true},
		"a site that was changed": {eventlog.Event{Class: "site", Type: "updated"}, false},
		"a plan that was made":    {eventlog.Event{Class: "template", Type: "created"}, false},
	} {
		if have := e.somethingCame(mail, []eventlog.Event{c.event}); have != c.want {
			t.Errorf("%s: %v", name, have)
		}
	}
	account := func(ref v1alpha1.SiteReference, reason string) *v1alpha1.PleskMailAccount {
		o := &v1alpha1.PleskMailAccount{Spec: v1alpha1.PleskMailAccountSpec{SiteRef: ref}}
		o.Status.Conditions = []metav1.Condition{{Type: v1alpha1.ConditionReady, Status: metav1.ConditionFalse, Reason: reason}}
		return o
	}
	outside, inside := v1alpha1.SiteReference{External: "later.example"}, v1alpha1.SiteReference{Name: "later"}
	for name, c := range map[string]struct {
		object *v1alpha1.PleskMailAccount
		want   bool
	}{
		"it waits for the server's":   {account(outside, v1alpha1.ReasonDependencyNotReady), true},
		"it waits for a resource's":   {account(inside, v1alpha1.ReasonDependencyNotReady), false},
		"it waits for nothing":        {account(outside, v1alpha1.ReasonRejected), false},
		"nobody has looked at it yet": {&v1alpha1.PleskMailAccount{}, false},
	} {
		if have := mail.waitsOutside(c.object); have != c.want {
			t.Errorf("%s: %v", name, have)
		}
	}
}
