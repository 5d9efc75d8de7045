// Verification: each resource against the server it describes, and each server against the resources.

package chaos

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// lookAgain is the interval at which a fleet that is still at work is checked.
const lookAgain = 2 * time.Second

// settle waits until everything is in order. What is not when the time is up goes into the report.
func (r *run) settle(ctx context.Context) error {
	if err := pause(ctx, countdown); err != nil {
		return err
	}
	if err := r.askAnew(ctx); err != nil {
		return err
	}
	deadline := time.Now().Add(r.SettleWithin)
	for {
		v, err := r.verify(ctx)
		if err != nil {
			return err
		}
		if len(v.problems) == 0 {
			if err := r.verifyPasswords(ctx, v); err != nil {
				return err
			}
		}
		if len(v.problems) == 0 || time.Now().After(deadline) {
			r.report.Ready = v.ready
			for _, p := range v.problems {
				r.report.broken(p.breach, "%s", p.text)
			}
			return nil
		}
		r.say("%d ready of %d, %d problems, e.g. %s", v.ready, r.report.Objects, len(v.problems), v.problems[0].text)
		if err := pause(ctx, lookAgain); err != nil {
			return err
		}
	}
}

// askAnew does what a user does about fields that were changed on the server too often, so that the operator has left them alone.
func (r *run) askAnew(ctx context.Context) error {
	for _, f := range r.families {
		for _, o := range f.objects() {
			live := o.DeepCopyObject().(v1alpha1.Object)
			err := insist(ctx, "ask for "+named(o), func(ctx context.Context) error {
				if err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); err != nil {
					return err
				}
				c := meta.FindStatusCondition(live.State().Conditions, v1alpha1.ConditionReady)
				if c == nil || c.Reason != v1alpha1.ReasonNotConverging {
					return nil
				}
				r.say("%s: asked for anew, %s", named(o), c.Message)
				r.report.count("left alone after too many changes by hand, and asked for anew")
				_, err := r.ask(ctx, o, "after the storm")
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// verification is one look at everything.
type verification struct {
	ready    int
	problems []problem
}

type problem struct {
	breach breach
	text   string
}

func (v *verification) broken(b breach, format string, args ...any) {
	v.problems = append(v.problems, problem{b, fmt.Sprintf(format, args...)})
}

// verify looks at everything once.
func (r *run) verify(ctx context.Context) (*verification, error) {
	v := &verification{}
	for _, s := range r.servers {
		found, err := takeInventory(ctx, s.plesk)
		if err != nil {
			return nil, err
		}
		view := &view{verification: v, server: s, found: found, owners: map[string]string{}}
		for _, f := range r.families {
			if f.server == s {
				if err := r.verifyFamily(ctx, view, f); err != nil {
					return nil, err
				}
			}
		}
		view.strangers()
	}
	return v, nil
}

// verifyFamily compares the resources of one family with its server.
func (r *run) verifyFamily(ctx context.Context, v *view, f *family) error {
	for _, o := range f.objects() {
		live := o.DeepCopyObject().(v1alpha1.Object)
		if err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); err != nil {
			return fmt.Errorf("%s: %w", named(o), err)
		}
		if c := readiness(live); c != "" {
			v.broken(lost, "%s is not ready: %s", named(o), c)
		} else {
			v.ready++
		}
		v.owners[string(live.GetUID())] = named(o)
		switch live := live.(type) {
		case *v1alpha1.PleskCustomer:
			v.customer(f, live)
		case *v1alpha1.PleskServicePlan:
			v.plan(live)
		case *v1alpha1.PleskSubscription:
			v.subscription(live)
		case *v1alpha1.PleskDNSZone:
			v.zone(f, live)
		}
	}
	return nil
}

// readiness says why an object is not ready as it is now, "" when it is.
func readiness(o v1alpha1.Object) string {
	c := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady)
	switch {
	case c == nil:
		return "no condition yet"
	case c.ObservedGeneration != o.GetGeneration():
		return "its change has not been seen yet"
	case c.Status != metav1.ConditionTrue:
		return c.Reason + ": " + c.Message
	case o.GetDeletionTimestamp() != nil:
		return "it is being deleted"
	}
	return ""
}

// view compares resources with one server.
type view struct {
	*verification
	server *server
	found  *inventory
	owners map[string]string // names of resources by UID
}

// differ notes fields that are not as the resource says: pairs of what is wanted and what is there.
func (v *view) differ(o v1alpha1.Object, field string, want *string, have string) {
	if want != nil && *want != have {
		v.broken(lost, "%s on %s: %s is %q, wanted is %q", named(o), v.server.name, field, have, *want)
	}
}

// one notes a mistake unless exactly one object bears the resource's mark, exactly one its key, and the status names it.
func one[T any](v *view, o v1alpha1.Object, all []T, mark, key func(T) bool, id func(T) int64) (T, bool) {
	var none T
	marked, keyed := only(all, mark), only(all, key)
	if len(marked) > 1 || len(keyed) > 1 {
		v.broken(duplicate, "%s on %s: %d objects with its mark, %d with its key", named(o), v.server.name, len(marked), len(keyed))
		return none, false
	}
	if len(marked) == 0 || len(keyed) == 0 || id(marked[0]) != id(keyed[0]) {
		v.broken(lost, "%s on %s: %d objects with its mark, %d with its key", named(o), v.server.name, len(marked), len(keyed))
		return none, false
	}
	if got := strconv.FormatInt(id(marked[0]), 10); got != o.State().ID {
		v.broken(lost, "%s on %s: it has id %s, recorded is %q", named(o), v.server.name, got, o.State().ID)
	}
	return marked[0], true
}

func only[T any](all []T, suits func(T) bool) []T {
	return slices.DeleteFunc(slices.Clone(all), func(t T) bool { return !suits(t) })
}

// strangers notes what is on the server but neither was there from the start nor belongs to a resource.
func (v *view) strangers() {
	check := func(kind string, id int64, mark, name string) {
		if !v.server.existing[fmt.Sprintf("%s %d", kind, id)] && v.owners[uidIn(mark)] == "" {
			v.broken(orphan, "%s: %s %d %q, marked %q", v.server.name, kind, id, name, mark)
		}
	}
	for _, c := range v.found.customers {
		check("customer", c.ID, c.Data.GenInfo.ExternalID, c.Data.GenInfo.Login)
	}
	for _, p := range v.found.plans {
		check("plan", p.ID, deref(p.ExternalID), p.Name)
	}
	for _, w := range v.found.webspaces {
		check("subscription", w.ID, w.Data.GenInfo.ExternalID, w.Data.GenInfo.Name)
	}
}

// uidIn is the UID of the resource that a mark of the operator's names.
func uidIn(mark string) string { return mark[strings.LastIndex(mark, ":")+1:] }

// marked lists what is on the server and bears a resource's mark.
func (all *inventory) marked(uid string) []string {
	var out []string
	for _, c := range all.customers {
		if uidIn(c.Data.GenInfo.ExternalID) == uid {
			out = append(out, "customer "+c.Data.GenInfo.Login)
		}
	}
	for _, p := range all.plans {
		if uidIn(deref(p.ExternalID)) == uid {
			out = append(out, "plan "+p.Name)
		}
	}
	for _, w := range all.webspaces {
		if uidIn(w.Data.GenInfo.ExternalID) == uid {
			out = append(out, "subscription "+w.Data.GenInfo.Name)
		}
	}
	return out
}

// checkRemoved notes what a resource has left on the server when it was deleted.
func (r *run) checkRemoved(ctx context.Context, s *server, l leaving) error {
	found, err := takeInventory(ctx, s.plesk)
	if err != nil {
		return err
	}
	if left := found.marked(string(l.uid)); len(left) > 0 {
		r.report.broken(orphan, "%s: %s was deleted and left %s", s.name, named(l.object), strings.Join(left, ", "))
	}
	return nil
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
