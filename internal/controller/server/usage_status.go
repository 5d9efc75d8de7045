// Usage in the statuses of those who use.

package server

import (
	"context"
	"errors"
	"strconv"

	"k8s.io/apimachinery/pkg/api/equality"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/webspace"
)

// consumed is what something uses, in bytes.
type consumed struct{ disk, traffic int64 }

// status is as statuses show it: what changes with each visitor changes no status.
func (c *consumed) status() *v1alpha1.Usage {
	if c == nil {
		return nil
	}
	inMiB := func(n int64) resource.Quantity { return *resource.NewQuantity(n>>20<<20, resource.BinarySI) }
	return &v1alpha1.Usage{Disk: inMiB(c.disk), Traffic: inMiB(c.traffic)}
}

// consumers are what is used, by the ids of subscriptions and of those who own them.
func consumers(all []webspace.GetResult) (subscriptions, owners map[string]*consumed) {
	subscriptions, owners = map[string]*consumed{}, map[string]*consumed{}
	add := func(to map[string]*consumed, id int64, d *webspace.Data) {
		key := strconv.FormatInt(id, 10)
		if to[key] == nil {
			to[key] = &consumed{}
		}
		to[key].disk += d.GenInfo.RealSize
		to[key].traffic += d.Stat.Traffic
	}
	for _, one := range all {
		d := one.Data
		if d == nil || d.GenInfo == nil || d.Stat == nil {
			continue
		}
		add(subscriptions, one.ID, d)
		if owner := d.GenInfo.OwnerID; owner != nil {
			add(owners, *owner, d)
		}
	}
	return subscriptions, owners
}

// publish writes what is used into the statuses of the server's subscriptions and customers. What uses nothing that is known has none there.
func (r *UsageReader) publish(ctx context.Context, srv *v1alpha1.PleskServer, all []webspace.GetResult) error {
	subscriptions, owners := consumers(all)
	list, customers, here := &v1alpha1.PleskSubscriptionList{}, &v1alpha1.PleskCustomerList{}, engine.OnServer(client.ObjectKeyFromObject(srv))
	if err := errors.Join(r.Client.List(ctx, list, here), r.Client.List(ctx, customers, here)); err != nil {
		return err
	}
	var errs []error
	for i := range list.Items {
		o := &list.Items[i]
		if id := idOn(srv, o); id != "" {
			errs = append(errs, r.show(ctx, o, &o.Status.Usage, subscriptions[id]))
		}
	}
	for i := range customers.Items {
		o := &customers.Items[i]
		if id := idOn(srv, o); id != "" {
			errs = append(errs, r.show(ctx, o, &o.Status.Usage, owners[id]))
		}
	}
	return errors.Join(errs...)
}

// idOn is the id of what a resource of the server describes on this very Plesk, "" where it describes nothing there.
func idOn(srv *v1alpha1.PleskServer, o v1alpha1.Object) string {
	s := o.State()
	switch {
	case s.ServerGUID != "" && s.ServerGUID != srv.Status.GUID:
		return ""
	case s.ID != "":
		return s.ID
	case s.Observing != nil:
		return s.Observing.ID
	}
	return ""
}

// show patches one field of a status, which nobody else writes.
func (r *UsageReader) show(ctx context.Context, o client.Object, field **v1alpha1.Usage, c *consumed) error {
	now := c.status()
	if equality.Semantic.DeepEqual(*field, now) {
		return nil
	}
	base := o.DeepCopyObject().(client.Object)
	*field = now
	return client.IgnoreNotFound(r.Client.Status().Patch(ctx, o, client.MergeFrom(base)))
}
