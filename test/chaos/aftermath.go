// The aftermath: contenders leave empty-handed, a pass over everything writes nothing, and foreign objects are as they were.

package chaos

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// dismissContenders deletes the resources that claimed foreign objects. They must have been refused.
func (r *run) dismissContenders(ctx context.Context) error {
	for _, o := range r.contenders {
		if err := r.checkRefused(ctx, o); err != nil {
			return err
		}
		if err := r.delete(ctx, unborn(o)); err != nil {
			return err
		}
	}
	bounded, cancel := context.WithTimeout(ctx, r.SettleWithin)
	defer cancel()
	for _, o := range r.contenders {
		if err := r.awaitGone(bounded, o); err != nil {
			return err
		}
		r.report.count("resources that claimed foreign objects, refused")
	}
	return nil
}

// checkRefused waits until a resource that claims a foreign object says that it may not have it, or has it.
func (r *run) checkRefused(ctx context.Context, o v1alpha1.Object) error {
	live := o.DeepCopyObject().(v1alpha1.Object)
	bounded, cancel := context.WithTimeout(ctx, r.SettleWithin)
	defer cancel()
	err := insist(bounded, "wait for the refusal of "+named(o), func(ctx context.Context) error {
		if err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); err != nil {
			return err
		}
		if why := readiness(live); live.State().ID == "" && !strings.HasPrefix(why, v1alpha1.ReasonAlreadyExists+":") {
			return fmt.Errorf("it says %q", why)
		}
		return nil
	})
	if err != nil && (bounded.Err() == nil || ctx.Err() != nil) {
		return err
	}
	if id := live.State().ID; err != nil || id != "" {
		r.report.broken(touched, "%s claims what is not its own, and says %q with id %q", named(o), readiness(live), id)
	}
	return nil
}

// checkForeign compares everything that stood on the servers from the start with what it is now, field by field.
func (r *run) checkForeign(ctx context.Context) error {
	for _, s := range r.servers {
		found, err := takeInventory(ctx, s.plesk)
		if err != nil {
			return err
		}
		now, err := found.entries()
		if err != nil {
			return err
		}
		for _, what := range slices.Sorted(maps.Keys(s.foreign)) {
			r.report.count("foreign objects compared field by field")
			if now[what] == nil {
				r.report.broken(touched, "%s: %s is gone", s.name, what)
				continue
			}
			changes, err := fieldChanges(s.foreign[what], now[what])
			if err != nil {
				return err
			}
			for _, c := range changes {
				r.report.broken(touched, "%s: %s%s", s.name, what, c)
			}
		}
	}
	return nil
}

// secondPass asks for a pass over every object, twice. A request gives fields that were contested on a server another chance, so
// the first one may tidy a status up; the second one has nothing to write, neither to the servers nor to a status.
func (r *run) secondPass(ctx context.Context) error {
	if _, err := r.passOverAll(ctx, "first"); err != nil {
		return err
	}
	for _, s := range r.servers {
		s.plesk.ResetStats()
	}
	versions, err := r.passOverAll(ctx, "second")
	if err != nil {
		return err
	}
	return r.checkQuiet(ctx, versions)
}

// ask asks for a pass over an object, and returns the object's version from before it.
func (r *run) ask(ctx context.Context, o v1alpha1.Object, request string) (version string, _ error) {
	asked := unborn(o)
	patch := fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, v1alpha1.AnnotationReconcile, request)
	err := r.client.Patch(ctx, asked, client.RawPatch(types.MergePatchType, []byte(patch)))
	return asked.GetResourceVersion(), err
}

// passOverAll asks for a pass over every object, waits for it, and returns the objects' versions from before.
func (r *run) passOverAll(ctx context.Context, request string) (versions map[string]string, err error) {
	var life string    // of the leader
	var before samples // what it had counted
	begin := func(ctx context.Context) (err error) {
		leader, now, err := r.leading(ctx)
		if err == nil {
			life, before = leader.PodName(), now
		}
		return err
	}
	if err := insist(ctx, "wait for a leader", begin); err != nil {
		return nil, err
	}
	versions = map[string]string{}
	for _, f := range r.families {
		for _, o := range f.objects() {
			if versions[named(o)], err = r.ask(ctx, o, request); err != nil {
				return nil, err
			}
		}
	}
	return versions, insist(ctx, "wait for a pass over everything", func(ctx context.Context) error {
		leader, now, err := r.leading(ctx)
		switch {
		case err != nil:
			return err
		case leader.PodName() != life: // it could not renew its lease: its successor starts over
			life, before = leader.PodName(), now
		}
		const passes = "plesk_reconcile_passes_total"
		done, left := now.sum(passes)-before.sum(passes), now.sum("workqueue_depth")+now.sum("controller_runtime_active_workers")
		if done < float64(r.report.Objects) || left > 0 {
			return fmt.Errorf("%v passes, %v objects still to do", done, left)
		}
		return nil
	})
}

// checkQuiet checks that nothing was written since the passes were asked for.
func (r *run) checkQuiet(ctx context.Context, versions map[string]string) error {
	for _, s := range r.servers {
		if n := s.plesk.Stats().Writes; n > 0 {
			r.report.broken(unquiet, "%s: %d writes: %v", s.name, n, s.plesk.Stats().Operations)
		}
	}
	for _, f := range r.families {
		for _, o := range f.objects() {
			live := o.DeepCopyObject().(v1alpha1.Object)
			if err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); err != nil {
				return err
			}
			if live.GetResourceVersion() != versions[named(o)] {
				r.report.broken(unquiet, "%s: its status was written", named(o))
			}
		}
	}
	return nil
}
