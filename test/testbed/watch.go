// Watching: every version of every object, for what has to look at all of them.

package testbed

import (
	"context"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller"
)

// OurKinds lists a prototype of every kind of ours, the server first.
func OurKinds() []client.Object {
	return append([]client.Object{&v1alpha1.PleskServer{}}, controller.Kinds()...)
}

// Reporting are the kinds that have conditions: those, and PleskSuspension.
func Reporting() []client.Object { return append(OurKinds(), &v1alpha1.PleskSuspension{}) }

// ListOf returns an empty list for objects of o's kind.
func (b *Bed) ListOf(o client.Object) (client.ObjectList, error) {
	gvk, err := apiutil.GVKForObject(o, b.Client.Scheme())
	if err != nil {
		return nil, err
	}
	list, err := b.Client.Scheme().New(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	if err != nil {
		return nil, err
	}
	return list.(client.ObjectList), nil
}

// Watch calls see for every version of every object of the kinds that prototypes name, in one namespace or ("") in all,
// beginning with those that exist. Versions of one object come in their order; see may be called concurrently for different kinds.
// It goes on until ctx ends; wait returns when nothing is running any more.
func (b *Bed) Watch(ctx context.Context, namespace string, prototypes []client.Object, see func(watch.EventType, client.Object)) (wait func(), _ error) {
	var watches sync.WaitGroup
	for _, p := range prototypes {
		list, err := b.ListOf(p)
		if err != nil {
			return nil, err
		}
		f := &follower{bed: b, namespace: namespace, list: list, see: see}
		first, err := f.begin(ctx)
		if err != nil {
			return nil, fmt.Errorf("watch %T: %w", p, err)
		}
		watches.Go(func() { f.follow(ctx, first) })
	}
	return watches.Wait, nil
}

// follower watches one kind, over as many requests as it takes.
type follower struct {
	bed       *Bed
	namespace string
	list      client.ObjectList
	see       func(watch.EventType, client.Object)
	last      string // resourceVersion seen
}

func (f *follower) begin(ctx context.Context) (watch.Interface, error) {
	return f.bed.Client.Watch(ctx, f.list.DeepCopyObject().(client.ObjectList), &client.ListOptions{
		Namespace: f.namespace, Raw: &metav1.ListOptions{ResourceVersion: f.last, AllowWatchBookmarks: true},
	})
}

// beginAgain is how soon a watch that the API server refused is asked for again.
const beginAgain = 200 * time.Millisecond

func (f *follower) follow(ctx context.Context, w watch.Interface) {
	for {
		f.drain(w)
		for {
			if ctx.Err() != nil {
				return
			}
			next, err := f.begin(ctx)
			if err == nil {
				w = next
				break
			}
			select {
			case <-time.After(beginAgain):
			case <-ctx.Done():
			}
		}
	}
}

// drain hands over the events of a watch until it ends.
func (f *follower) drain(w watch.Interface) {
	defer w.Stop()
	for e := range w.ResultChan() {
		switch e.Type {
		case watch.Added, watch.Modified, watch.Deleted:
			f.note(e.Object)
			f.see(e.Type, e.Object.(client.Object))
		case watch.Bookmark:
			f.note(e.Object)
		case watch.Error:
			f.last = "" // too old: the next watch begins with what exists
			return
		}
	}
}

func (f *follower) note(o runtime.Object) {
	if m, err := meta.Accessor(o); err == nil {
		f.last = m.GetResourceVersion()
	}
}
