// Who holds a Plesk, or what an account sees of it: two PleskServers that lead there would adopt, change and delete each other's objects.

package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	coordinationv1 "k8s.io/api/coordination/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
)

// Holders keeps, for the GUID of each Plesk, which PleskServer holds it: a Lease in the operator's namespace, whose name is
// made of the GUID, so that the API server lets only one be made. It does not expire: a holder that is out of reach holds on.
//
// A PleskServer with the credentials of a reseller holds the GUID of that account, and one with a customer's those of its subscriptions: beside it,
// those of other accounts may serve the same Plesk. Whose an object is that several of them can see is decided for each object (engine: claims).
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

// held are the GUIDs that a PleskServer holds by its status.
func held(s *v1alpha1.PleskServerStatus) []string {
	switch {
	case s.Role == v1alpha1.RoleCustomer:
		return s.Subscriptions
	case s.GUID == "":
		return nil
	}
	return []string{s.GUID}
}

// claim makes srv the holder of all GUIDs, which come in order, if nobody else holds any. Else it returns who holds which.
func (h *Holders) claim(ctx context.Context, srv *v1alpha1.PleskServer, guids []string) (is holder, guid string, _ error) {
	me := holderOf(srv)
	// What one has of old it keeps: another one must not get hold of what has come to it since.
	for _, guid := range guids {
		is, err := h.holds(ctx, guid)
		if err != nil {
			return holder{}, guid, err
		}
		if is == me || is == (holder{}) {
			continue
		}
		if exists, err := h.exists(ctx, is); err != nil || exists {
			return is, guid, err
		}
	}
	var taken []string
	for _, guid := range guids {
		is, isNew, err := h.take(ctx, srv, guid)
		if err != nil || is != me { // somebody was faster, who needs the rest, too
			return is, guid, errors.Join(err, h.free(ctx, srv, taken))
		}
		if isNew {
			taken = append(taken, guid)
		}
	}
	return me, "", nil
}

// holds is the PleskServer that holds a GUID as far as the cache knows, zero for none.
func (h *Holders) holds(ctx context.Context, guid string) (holder, error) {
	lease := h.leaseOf(guid)
	if err := h.Client.Get(ctx, client.ObjectKeyFromObject(lease), lease); err != nil {
		return holder{}, client.IgnoreNotFound(err)
	}
	return readHolder(lease), nil
}

// take makes srv the holder of a GUID if nobody else is. It returns who holds it then, and whether that is new.
func (h *Holders) take(ctx context.Context, srv *v1alpha1.PleskServer, guid string) (_ holder, isNew bool, _ error) {
	me, lease := holderOf(srv), h.leaseOf(guid)
	if err := h.Client.Get(ctx, client.ObjectKeyFromObject(lease), lease); err == nil && readHolder(lease) == me {
		return me, false, nil // nobody takes it from a PleskServer that exists
	}
	lease = h.leaseOf(guid)
	h.sign(lease, me)
	err := h.Client.Create(ctx, lease)
	if !apierrors.IsAlreadyExists(err) {
		return me, true, err
	}
	if err := h.Reader.Get(ctx, client.ObjectKeyFromObject(lease), lease); err != nil {
		return holder{}, false, err
	}
	is := readHolder(lease)
	if is == me {
		return me, false, nil
	}
	if exists, err := h.exists(ctx, is); err != nil || exists {
		return is, false, err
	}
	h.sign(lease, me)
	return me, true, h.Client.Update(ctx, lease) // with the version that was read: of two that take over, one has a conflict
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

// free ends srv's hold on GUIDs.
func (h *Holders) free(ctx context.Context, srv *v1alpha1.PleskServer, guids []string) error {
	for _, guid := range guids {
		lease := h.leaseOf(guid)
		err := h.Reader.Get(ctx, client.ObjectKeyFromObject(lease), lease)
		if err == nil && readHolder(lease) == holderOf(srv) {
			err = h.Client.Delete(ctx, lease, client.Preconditions{UID: &lease.UID, ResourceVersion: &lease.ResourceVersion})
		}
		if client.IgnoreNotFound(err) != nil {
			return err
		}
	}
	return nil
}

// heldBy says that a GUID is another PleskServer's. One of another namespace is not named to those who only see this one.
func heldBy(srv *v1alpha1.PleskServer, role session.Role, other holder, guid string) verdict {
	who := fmt.Sprintf("PleskServer %q", other.Name)
	if other.Namespace != srv.Namespace {
		who = "a PleskServer of another namespace"
	}
	what := map[session.Role]string{session.Administrator: "the Plesk", session.Reseller: "the reseller", session.Customer: "the subscription"}[role]
	return verdict{reason: v1alpha1.ReasonOwnedByAnother, reached: yes, admitted: yes, stalled: true, message: fmt.Sprintf(
		"%s manages %s with GUID %s already, so nothing is written for this one. Delete one of the two (what its objects describe stays on the server with deletionPolicy Retain); this one takes over when the other is gone",
		who, what, guid)}
}
