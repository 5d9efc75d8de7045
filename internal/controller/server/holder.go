// Who holds a Plesk: two PleskServers that lead to one installation would adopt, change and delete each other's objects.

package server

import (
	"context"
	"fmt"
	"strings"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// Holders keeps, for the GUID of each Plesk, which PleskServer holds it: a Lease in the operator's namespace, whose name is
// made of the GUID, so that the API server lets only one be made. It does not expire: a holder that is out of reach holds on.
type Holders struct {
	Client    client.Client // reads Leases from the cache
	Reader    client.Reader // reads what decides
	Namespace string        // of the operator
	Clock     clock.PassiveClock
}

// holder is a PleskServer as a Lease names it.
type holder struct {
	types.NamespacedName
	uid types.UID
}

func holderOf(srv *v1alpha1.PleskServer) holder {
	return holder{client.ObjectKeyFromObject(srv), srv.UID}
}

// String is the identity in the Lease: names have no slashes.
func (h holder) String() string { return fmt.Sprintf("%s/%s/%s", h.Namespace, h.Name, h.uid) }

// readHolder reads the identity in a Lease; anything else that is written there counts as no holder.
func readHolder(l *coordinationv1.Lease) holder {
	var identity string
	if l.Spec.HolderIdentity != nil {
		identity = *l.Spec.HolderIdentity
	}
	parts := strings.Split(identity, "/")
	if len(parts) != 3 {
		return holder{}
	}
	return holder{types.NamespacedName{Namespace: parts[0], Name: parts[1]}, types.UID(parts[2])}
}

// leaseOf is the Lease of a Plesk. GUIDs that differ in case are one.
func (h *Holders) leaseOf(guid string) *coordinationv1.Lease {
	return &coordinationv1.Lease{ObjectMeta: metav1.ObjectMeta{Namespace: h.Namespace, Name: "plesk-" + strings.ToLower(guid)}}
}

// claim makes srv the holder of a Plesk if nobody else is. It returns who holds it then.
func (h *Holders) claim(ctx context.Context, srv *v1alpha1.PleskServer, guid string) (holder, error) {
	me, lease := holderOf(srv), h.leaseOf(guid)
	if err := h.Client.Get(ctx, client.ObjectKeyFromObject(lease), lease); err == nil && readHolder(lease) == me {
		return me, nil // nobody takes it from a PleskServer that exists
	}
	lease = h.leaseOf(guid)
	h.sign(lease, me)
	err := h.Client.Create(ctx, lease)
	if !apierrors.IsAlreadyExists(err) {
		return me, err
	}
	if err := h.Reader.Get(ctx, client.ObjectKeyFromObject(lease), lease); err != nil {
		return holder{}, err
	}
	is := readHolder(lease)
	if is == me {
		return me, nil
	}
	if exists, err := h.exists(ctx, is); err != nil || exists {
		return is, err
	}
	h.sign(lease, me)
	return me, h.Client.Update(ctx, lease) // with the version that was read: of two that take over, one has a conflict
}

func (h *Holders) sign(l *coordinationv1.Lease, by holder) {
	now := metav1.NewMicroTime(h.Clock.Now())
	l.Spec = coordinationv1.LeaseSpec{HolderIdentity: new(by.String()), AcquireTime: &now}
}

// exists reports whether a holder is still there. One that the operator may not read counts as there.
func (h *Holders) exists(ctx context.Context, is holder) (bool, error) {
	srv := &v1alpha1.PleskServer{}
	err := h.Reader.Get(ctx, is.NamespacedName, srv)
	switch {
	case apierrors.IsForbidden(err):
		return true, nil
	case is.Name == "", apierrors.IsNotFound(err):
		return false, nil
	}
	return srv.UID == is.uid, err
}

// free ends srv's hold on its Plesk.
func (h *Holders) free(ctx context.Context, srv *v1alpha1.PleskServer) error {
	if srv.Status.GUID == "" {
		return nil
	}
	lease := h.leaseOf(srv.Status.GUID)
	err := h.Reader.Get(ctx, client.ObjectKeyFromObject(lease), lease)
	if err != nil || readHolder(lease) != holderOf(srv) {
		return client.IgnoreNotFound(err)
	}
	return client.IgnoreNotFound(h.Client.Delete(ctx, lease, client.Preconditions{UID: &lease.UID, ResourceVersion: &lease.ResourceVersion}))
}

// heldBy says that a Plesk is another PleskServer's. One of another namespace is not named to those who only see this one.
func heldBy(srv *v1alpha1.PleskServer, other holder, guid string) verdict {
	who := fmt.Sprintf("PleskServer %q", other.Name)
	if other.Namespace != srv.Namespace {
		who = "a PleskServer of another namespace"
	}
	return verdict{reason: v1alpha1.ReasonOwnedByAnother, reached: yes, admitted: yes, stalled: true, message: fmt.Sprintf(
		"%s manages the Plesk with GUID %s already, so nothing is written for this one. Delete one of the two (what its objects describe stays on the server with deletionPolicy Retain); this one takes over when the other is gone",
		who, guid)}
}
