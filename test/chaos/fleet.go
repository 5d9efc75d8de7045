// The fleet: what users ask for, customers with their subscriptions and zones, and the plans that all of them share.

package chaos

import (
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const (
	namespace = "hosting"

	plansPerServer      = 4
	minObjectsPerServer = plansPerServer + 4
	secretKey           = "password"
)

// family is what is edited by one person at a time: a customer with their subscriptions and their zones, or a service plan.
// Its objects are the spec as it is wanted now; what becomes of it is in the API server.
type family struct {
	server   *server
	name     string
	plan     *v1alpha1.PleskServicePlan // alone, or …
	customer *v1alpha1.PleskCustomer
	subs     []*subscription

	acts   chan act
	unborn atomic.Int32  // objects that are still to be created for the first time
	born   chan struct{} // closed when all have been
	phone  string        // what somebody has put there by hand: no resource manages it
}

// subscription is one of a family, with its zone if it has one.
type subscription struct {
	object *v1alpha1.PleskSubscription
	zone   *v1alpha1.PleskDNSZone
	// handmade are the hosts of the records that were added to the zone by hand, on the server.
	handmade []string
}

// objects lists what the family has in the cluster, parents first.
func (f *family) objects() []v1alpha1.Object {
	if f.plan != nil {
		return []v1alpha1.Object{f.plan}
	}
	out := []v1alpha1.Object{f.customer}
	for _, s := range f.subs {
		out = append(out, s.objects()...)
	}
	return out
}

func (s *subscription) objects() []v1alpha1.Object {
	out := []v1alpha1.Object{s.object}
	if s.zone != nil {
		out = append(out, s.zone)
	}
	return out
}

// newFleet makes the families of all servers, as many as it takes for the objects.
func newFleet(c Config, servers []*server) []*family {
	rng := rand.New(rand.NewPCG(c.Seed, streamFleet)) // chance in tests, repeatable
	var all []*family
	for i, s := range servers {
		left := c.Objects/len(servers) - plansPerServer
		var plans []string
		for p := range plansPerServer {
			f := &family{server: s, name: fmt.Sprintf("plan-%d-%d", i+1, p+1), born: make(chan struct{})}
			f.plan = newPlan(s, f.name, rng)
			all, plans = append(all, f), append(plans, f.name)
		}
		for n := 1; left > 0; n++ {
			f := newFamily(s, fmt.Sprintf("c%d-%d", i+1, n), plans, min(left, 1+rng.IntN(5)), rng)
			left -= len(f.objects())
			all = append(all, f)
		}
	}
	return all
}

// newFamily makes a customer with subscriptions, of which every other one has a zone, until there are so many objects.
func newFamily(s *server, name string, plans []string, objects int, rng *rand.Rand) *family {
	f := &family{server: s, name: name, born: make(chan struct{}), customer: &v1alpha1.PleskCustomer{
		ObjectMeta: objectMeta(name),
		Spec: v1alpha1.PleskCustomerSpec{
			CommonSpec: common(s), Account: v1alpha1.Account{
				Login: name, ContactName: "Contact of " + name, Email: new(name + "@customers.example"),
				Address: &v1alpha1.PostalAddress{City: new("London")}, Password: new(generated(name + "-panel")),
			},
		},
	}}
	for left := objects - 1; left > 0; {
		n := len(f.subs) + 1
		sub := &subscription{object: newSubscription(s, name, n, plans[rng.IntN(len(plans))])}
		f.subs = append(f.subs, sub)
		if left--; left > 0 && rng.IntN(4) > 0 {
			sub.zone = newZone(s, sub.object.Name, rng)
			left--
		}
	}
	return f
}

func newPlan(s *server, name string, rng *rand.Rand) *v1alpha1.PleskServicePlan {
	return &v1alpha1.PleskServicePlan{
		ObjectMeta: objectMeta(name),
		Spec: v1alpha1.PleskServicePlanSpec{CommonSpec: common(s), PlanName: "Plan " + name, Allowance: v1alpha1.Allowance{
			Limits: map[string]v1alpha1.LimitValue{"max_site": count(1 + rng.Uint64N(20)), "max_box": count(10 + rng.Uint64N(90))},
		}},
	}
}

// newSubscription makes the nth subscription of a customer: one with a web site, one with mail and DNS only, one with limits of
// its own, and so on.
func newSubscription(s *server, customer string, n int, plan string) *v1alpha1.PleskSubscription {
	name := fmt.Sprintf("%s-%d", customer, n)
	o := &v1alpha1.PleskSubscription{
		ObjectMeta: objectMeta(name),
		Spec: v1alpha1.PleskSubscriptionSpec{
			CommonSpec: common(s), DomainName: name + ".example", CustomerRef: &v1alpha1.ObjectReference{Name: customer},
			ServicePlanRef: &v1alpha1.ObjectReference{Name: plan}, Description: new("Subscription " + name),
		},
	}
	switch n % 3 {
	case 1:
		o.Spec.Hosting = &v1alpha1.SubscriptionHosting{VirtualHost: &v1alpha1.VirtualHost{
			SystemUser: &v1alpha1.SystemUser{Name: new("u" + name), Password: new(generated(name + "-ftp"))},
		}}
	case 0:
		o.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": count(7)}
	}
	return o
}

func newZone(s *server, subscription string, rng *rand.Rand) *v1alpha1.PleskDNSZone {
	z := &v1alpha1.PleskDNSZone{
		ObjectMeta: objectMeta(subscription),
		Spec: v1alpha1.PleskDNSZoneSpec{
			CommonSpec: common(s), SiteRef: v1alpha1.DNSZoneOwner{Kind: "PleskSubscription", Name: subscription},
			SOA: &v1alpha1.DNSZoneSOA{TTL: &metav1.Duration{Duration: time.Hour}},
		},
	}
	for n := range 1 + rng.IntN(4) {
		z.Spec.Records = append(z.Spec.Records, managedRecord(uint64(n)))
	}
	return z
}

// Hosts of records: those that resources list and those that are added by hand can be told apart.
const (
	managedHost  = "managed-"
	handmadeHost = "handmade-"
)

func managedRecord(n uint64) v1alpha1.DNSRecord {
	return v1alpha1.DNSRecord{Name: fmt.Sprintf("%s%d", managedHost, n), Type: v1alpha1.DNSRecordA, Value: fmt.Sprintf("192.0.2.%d", n%250+1)}
}

func objectMeta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: namespace, Name: name}
}

func common(s *server) v1alpha1.CommonSpec {
	return v1alpha1.CommonSpec{ServerRef: &v1alpha1.ServerReference{Name: s.name}}
}

func count(n uint64) v1alpha1.LimitValue {
	return v1alpha1.LimitValue{Text: fmt.Sprint(n), Number: true}
}

func generated(secret string) v1alpha1.SecretValue {
	return v1alpha1.SecretValue{SecretRef: v1alpha1.SecretKeySelector{Name: secret, Key: secretKey}, Generate: true}
}

// unborn is a copy that can be created.
func unborn(o v1alpha1.Object) v1alpha1.Object {
	fresh := o.DeepCopyObject().(v1alpha1.Object)
	fresh.SetResourceVersion("")
	fresh.SetUID("")
	return fresh
}

// named says which object a problem is about.
func named(o client.Object) string { return fmt.Sprintf("%T %s", o, o.GetName())[len("*v1alpha1."):] }
