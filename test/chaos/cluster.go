// Requests to an API server that crashes: each is repeated until its outcome is known.

package chaos

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// tryAgain is the pause between two tries.
const tryAgain = 200 * time.Millisecond

// requestTimeout is what a single request may take; an API server that is killed may leave it without an answer.
const requestTimeout = 10 * time.Second

// insist does something until it succeeds or ctx ends. Refusals of what was asked are not tried again.
func insist(ctx context.Context, what string, try func(ctx context.Context) error) error {
	ticker := time.NewTicker(tryAgain)
	defer ticker.Stop()
	for {
		bounded, cancel := context.WithTimeout(ctx, requestTimeout)
		err := try(bounded)
		cancel()
		if err == nil {
			return nil
		}
		if apierrors.IsInvalid(err) || apierrors.IsBadRequest(err) || isGone(err) {
			return fmt.Errorf("%s: %w", what, err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%s: %w; the last try: %w", what, context.Cause(ctx), err)
		case <-ticker.C:
		}
	}
}

// isGone reports whether the API server says that one object does not exist. While it starts it answers "not found" to
// everything of a kind that it has not read yet; that names no object.
func isGone(err error) bool {
	var status apierrors.APIStatus
	return apierrors.IsNotFound(err) && errors.As(err, &status) && status.Status().Details != nil && status.Status().Details.Name != ""
}

func (r *run) create(ctx context.Context, o client.Object) error {
	again := false
	return insist(ctx, "create "+o.GetName(), func(ctx context.Context) error {
		err := r.client.Create(ctx, o)
		if apierrors.IsAlreadyExists(err) && again {
			return nil // the answer of the first try was lost
		}
		again = true
		return err
	})
}

// update changes the spec that is wanted, and the live object. The change may be made more than once.
func update[O v1alpha1.Object](ctx context.Context, r *run, o O, change func(O)) error {
	change(o)
	live := o.DeepCopyObject().(O)
	return insist(ctx, "update "+named(o), func(ctx context.Context) error {
		if err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); err != nil {
			return err
		}
		change(live)
		return r.client.Update(ctx, live)
	})
}

// uid is that of the live object.
func (r *run) uid(ctx context.Context, o v1alpha1.Object) (types.UID, error) {
	live := o.DeepCopyObject().(v1alpha1.Object)
	err := insist(ctx, "get "+named(o), func(ctx context.Context) error {
		return r.client.Get(ctx, client.ObjectKeyFromObject(o), live)
	})
	return live.GetUID(), err
}

func (r *run) delete(ctx context.Context, o client.Object) error {
	return insist(ctx, "delete "+o.GetName(), func(ctx context.Context) error {
		if err := r.client.Delete(ctx, o); !isGone(err) {
			return err
		}
		return nil
	})
}

// awaitGone waits until an object has left the API server.
func (r *run) awaitGone(ctx context.Context, o v1alpha1.Object) error {
	live := o.DeepCopyObject().(v1alpha1.Object)
	err := insist(ctx, "wait for the end of "+named(o), func(ctx context.Context) error {
		switch err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); {
		case isGone(err):
			return nil
		case err != nil:
			return err
		}
		return fmt.Errorf("it is still there: %s", readiness(live))
	})
	return err
}

// awaitTaken waits until the subscription on the server is the resource's.
func (r *run) awaitTaken(ctx context.Context, o *v1alpha1.PleskSubscription) error {
	return insist(ctx, "wait until "+named(o)+" has its object", func(ctx context.Context) error {
		live := &v1alpha1.PleskSubscription{}
		if err := r.client.Get(ctx, client.ObjectKeyFromObject(o), live); err != nil {
			return err
		}
		if live.State().ID == "" {
			return fmt.Errorf("it has none: %s", readiness(live))
		}
		return nil
	})
}

// setSecret replaces a value in a Secret that the operator has created or will create.
func (r *run) setSecret(ctx context.Context, name, value string) error {
	s := &corev1.Secret{ObjectMeta: objectMeta(name)}
	return insist(ctx, "update Secret "+name, func(ctx context.Context) error {
		err := r.client.Get(ctx, client.ObjectKeyFromObject(s), s)
		if isGone(err) {
			s = &corev1.Secret{ObjectMeta: objectMeta(name), Data: map[string][]byte{secretKey: []byte(value)}}
			if err := r.client.Create(ctx, s); !apierrors.IsAlreadyExists(err) {
				return err
			}
			return errors.New("made by somebody else just now")
		}
		if err != nil {
			return err
		}
		s.Data = map[string][]byte{secretKey: []byte(value)}
		return r.client.Update(ctx, s)
	})
}
