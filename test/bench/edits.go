// Edits: how long it takes from a change of a resource until it is on the server.

package main

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"golang.org/x/sync/errgroup"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// editPatience is how long an edit is waited for.
const editPatience = 20 * time.Second

// editable is a customer that users edit, and the server that the customer is on.
type editable struct {
	name  string
	plesk *plesk
	turn  chan struct{} // holds a token while an edit is on its way: a later one would take its place
}

func newEditable(name string, p *plesk) editable { return editable{name, p, make(chan struct{}, 1)} }

// edits changes customers in turn, one every so often whatever has become of the edits before, and returns how long each took to arrive.
func (r *room) edits(ctx context.Context, customers []editable, n int, every time.Duration) ([]time.Duration, error) {
	took := make([]time.Duration, n)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	g, ctx := errgroup.WithContext(ctx)
	for i := range n {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil, g.Wait()
		}
		g.Go(func() error {
			var err error
			took[i], err = r.edit(ctx, customers[i%len(customers)])
			return err
		})
	}
	return took, g.Wait()
}

// edit gives a customer another company name, and waits until that is on the server.
func (r *room) edit(ctx context.Context, c editable) (time.Duration, error) {
	text := r.text()
	patch, err := json.Marshal(map[string]any{"spec": map[string]any{"companyName": text}})
	if err != nil {
		return 0, err
	}
	began := time.Now()
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
	reached := c.plesk.await(text)
	o := &v1alpha1.PleskCustomer{ObjectMeta: named(c.name)}
	o.Namespace = r.namespace
	if err := r.bed.Client.Patch(ctx, o, client.RawPatch(types.MergePatchType, patch)); err != nil {
		return 0, err
	}
	return c.plesk.patiently(ctx, text, began, reached, editPatience)
}

// p99 is the time that 99 of 100 did not exceed, of all rounds together.
func p99(rounds ...[]time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(slices.Concat(rounds...)))
	return sorted[(len(sorted)*99+99)/100-1]
}
