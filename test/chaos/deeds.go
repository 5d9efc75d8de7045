// What users do in the cluster: they edit, delete and recreate their resources.

package chaos

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// do carries out one act.
func (r *run) do(ctx context.Context, f *family, a act) error {
	r.report.count(string(a.deed))
	sub, n := a.subscription(f), a.number
	switch a.deed {
	case editCustomer:
		return update(ctx, r, f.customer, func(c *v1alpha1.PleskCustomer) { editedCustomer(c, n) })
	case renameCustomer:
		return update(ctx, r, f.customer, func(c *v1alpha1.PleskCustomer) { c.Spec.Login = fmt.Sprintf("%s-r%d", f.name, n%10_000) })
	case changePassword:
		return r.setSecret(ctx, f.customer.Spec.Password.SecretRef.Name, fmt.Sprintf("Changed-%d-x", n))
	case editPlan:
		return update(ctx, r, f.plan, func(p *v1alpha1.PleskServicePlan) {
			p.Spec.Limits = map[string]v1alpha1.LimitValue{"max_site": count(1 + n%20), "max_box": count(10 + n%90)}
		})
	case editSubscription:
		return update(ctx, r, sub.object, func(s *v1alpha1.PleskSubscription) { editedSubscription(s, n) })
	case switchPlan:
		plan := fmt.Sprintf("plan-%d-%d", f.server.number, n%plansPerServer+1)
		return update(ctx, r, sub.object, func(s *v1alpha1.PleskSubscription) { s.Spec.ServicePlanRef.Name = plan })
	case editZone:
		return update(ctx, r, sub.zone, func(z *v1alpha1.PleskDNSZone) { editedZone(z, n) })
	case replaceSubscription:
		sub.handmade = nil
		return r.replace(ctx, f, a, sub.object)
	case replaceZone:
		return r.replace(ctx, f, a, sub.zone)
	case replaceFamily:
		f.phone = ""
		for _, s := range f.subs {
			s.handmade = nil
		}
		return r.replace(ctx, f, a, f.objects()...)
	case releaseAndAdopt:
		return r.releaseAndAdopt(ctx, f, sub.object)
	default:
		return r.byHand(ctx, f, a)
	}
}

// editedCustomer changes one or two fields. Which ones, and the values, come from the number.
func editedCustomer(c *v1alpha1.PleskCustomer, n uint64) {
	switch n % 4 {
	case 0:
		c.Spec.ContactName = fmt.Sprintf("Contact %d", n%1000)
	case 1:
		c.Spec.Address = &v1alpha1.PostalAddress{City: new(fmt.Sprintf("Town %d", n%1000)), Street: new(fmt.Sprintf("Street %d", n%77))}
	case 2:
		c.Spec.Email = new(fmt.Sprintf("mail-%d@customers.example", n%1000))
		c.Spec.Description = new(fmt.Sprintf("Described %d times", n%1000))
	case 3:
		c.Spec.Fax = new(fmt.Sprintf("+49 30 %d", n%1000))
	}
}

func editedSubscription(s *v1alpha1.PleskSubscription, n uint64) {
	switch {
	case n%3 == 0:
		s.Spec.Preferences = &v1alpha1.SubscriptionPreferences{WWW: new(n%6 == 0)}
	case len(s.Spec.Limits) > 0:
		s.Spec.Limits = map[string]v1alpha1.LimitValue{"max_box": count(1 + n%99)}
	default:
		s.Spec.Description = new(fmt.Sprintf("Described %d times", n%1000))
	}
}

// editedZone gives a zone another set of records, which usually has some of the old ones, and other times.
func editedZone(z *v1alpha1.PleskDNSZone, n uint64) {
	z.Spec.Records = nil
	for bit := range uint64(8) {
		if n>>bit&1 == 1 {
			z.Spec.Records = append(z.Spec.Records, managedRecord(bit))
		}
	}
	if n>>8&3 == 0 {
		z.Spec.SOA = &v1alpha1.DNSZoneSOA{TTL: &metav1.Duration{Duration: time.Duration(1+n>>10%1000) * time.Minute}}
	}
}

// replace deletes resources and what they describe, and recreates them, both in an order that the act decides.
func (r *run) replace(ctx context.Context, f *family, a act, objects ...v1alpha1.Object) error {
	rng := rand.New(rand.NewPCG(r.Seed, a.number)) // chance in tests, repeatable
	var left []leaving
	for _, o := range objects {
		uid, err := r.uid(ctx, o)
		if err != nil {
			return err
		}
		left = append(left, leaving{o, uid})
	}
	for _, i := range rng.Perm(len(objects)) {
		if err := r.delete(ctx, unborn(objects[i])); err != nil {
			return err
		}
	}
	for _, l := range left {
		if err := r.awaitGone(ctx, l.object); err != nil {
			return err
		}
	}
	for _, l := range left {
		if err := r.checkRemoved(ctx, f.server, l); err != nil {
			return err
		}
	}
	for _, i := range rng.Perm(len(objects)) {
		if err := r.create(ctx, unborn(objects[i])); err != nil {
			return err
		}
	}
	return nil
}

// leaving is a resource that was deleted, with the mark that it left on the server.
type leaving struct {
	object v1alpha1.Object
	uid    types.UID
}

// releaseAndAdopt deletes a resource that leaves its object on the server, and recreates it: it adopts the same object.
func (r *run) releaseAndAdopt(ctx context.Context, f *family, o *v1alpha1.PleskSubscription) error {
	before := f.server.webspace(ctx, o.Spec.DomainName)
	if err := update(ctx, r, o, func(s *v1alpha1.PleskSubscription) { s.Spec.DeletionPolicy = new(v1alpha1.DeletionPolicyRetain) }); err != nil {
		return err
	}
	if err := r.delete(ctx, unborn(o)); err != nil {
		return err
	}
	if err := r.awaitGone(ctx, o); err != nil {
		return err
	}
	if after := f.server.webspace(ctx, o.Spec.DomainName); before != nil && (after == nil || after.ID != before.ID) {
		r.report.broken(lost, "%s was to be left on the server when its resource went", named(o))
	}
	o.Spec.DeletionPolicy, o.Spec.AdoptionPolicy = nil, v1alpha1.AdoptionPolicyAlways
	if err := r.create(ctx, unborn(o)); err != nil {
		return err
	}
	return r.awaitTaken(ctx, o) // a resource that goes before it has the subscription leaves it there, and then its customer does not go
}
