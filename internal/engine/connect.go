// The server of an object: which one it is, and whether it can be talked to.

package engine

import (
	"context"
	"errors"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// reachServer finds the server and a session for it, or waits for the server's watch.
func (p *pass[O, W]) reachServer(ctx context.Context) *verdict {
	name, v := p.whichServer(ctx)
	if v == nil {
		v = p.connect(ctx, name)
	}
	switch s := p.o.State(); {
	case v != nil && deleting(p.o) && v.err == nil && !v.silent:
		return stop(blocked(v.message + wayOut))
	case v == nil && s.ServerRef == nil:
		s.ServerRef = &v1alpha1.ServerReference{Name: name.Name}
		if name.Namespace != p.o.GetNamespace() {
			s.ServerRef.Namespace = name.Namespace
		}
	}
	return v
}

// whichServer is the server that the spec leads to. At a deletion it is the recorded one where the spec names none: what the object lay in
// may be gone already.
func (p *pass[O, W]) whichServer(ctx context.Context) (types.NamespacedName, *verdict) {
	if deleting(p.o) {
		name := KnownServer(p.o)
		if name.Name == "" {
			return name, stop(waitFor(v1alpha1.ReasonServerNotReady, "no PleskServer is known"))
		}
		return name, nil
	}
	name, err := p.serverOf(ctx, p.kindName, p.o)
	if err != nil {
		return name, p.fail(err)
	}
	if recorded := p.o.State().ServerRef; recorded != nil && serverKey(recorded, p.o.GetNamespace()) != name {
		return name, stop(stalled(v1alpha1.ReasonWrongServer, fmt.Sprintf(
			"the object lives on PleskServer %q, the spec leads to %q: an object cannot move, nothing is written", recorded.Name, name.Name)))
	}
	return name, nil
}

// connect opens a session, if the server exists, admits the object, and is ready.
func (p *pass[O, W]) connect(ctx context.Context, name types.NamespacedName) *verdict {
	p.serverName = name
	srv := &v1alpha1.PleskServer{}
	err := p.client.Get(ctx, name, srv)
	if apierrors.IsNotFound(err) && name.Namespace != p.o.GetNamespace() {
		return stop(p.notAdmitted())
	}
	if apierrors.IsNotFound(err) {
		return stop(waitFor(v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): not found", name)))
	}
	if err != nil {
		return p.fail(err)
	}
	if _, contracted := p.kind.(Contracted); deleting(p.o) && contracted && BilledBy(srv) {
		return stop(p.retain(ctx)) // whatever its deletionPolicy: a billing system removes it
	}
	if deleting(p.o) && p.o.Common().DeletionPolicy == nil && retains(&srv.Spec.DeletionPolicy) {
		return stop(p.retain(ctx))
	}
	if p.access, err = p.servers.access(ctx, srv, p.o.GetNamespace()); err != nil {
		return p.fail(err)
	}
	switch {
	case p.access == nil:
		return stop(p.notAdmitted())
	case !p.access.has(p.self):
		return stop(stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
			"PleskServer %s (spec.serverRef) does not admit %s from namespace %q (additionalKinds in its spec.tenants)", name, p.kindName, p.o.GetNamespace())))
	}
	p.server, p.spoken = srv, version.Version(srv.Status.ProtocolVersion)
	if edited(srv) {
		return stop(stale()) // the probe that follows wakes the object, whatever it finds
	}
	if reason, message := unready(srv); reason != "" {
		return stop(waitFor(reason, message))
	}
	if v := p.rolePermits(); v != nil {
		return v
	}
	if p.session, err = p.servers.Session(ctx, srv); err != nil {
		if c, ok := errors.AsType[*ConfigError](err); ok {
			return stop(waitFor(v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): %s", name, c.Message)))
		}
		return p.fail(err)
	}
	p.doer = WitnessOf(p.session, p.server, p.urgency.lane(), p.o.State().ServerGUID)
	if p.listed {
		p.doer.BeforeWrite(func() error { return errListed })
		return nil
	}
	p.doer.BeforeWrite(p.lastLook)
	p.listings.noteRead(p.server.UID, p.o.State().ID)
	return nil
}

// WitnessOf is a witness that takes no answers but those of a server as it was probed. The GUIDs are what else is recorded of it.
func WitnessOf(s *session.Session, srv *v1alpha1.PleskServer, lane session.Lane, guids ...string) *session.Witness {
	w := s.Witness(lane)
	w.Expect(append([]string{srv.Status.GUID}, guids...)...)
	w.ExpectOneOf(srv.Status.Subscriptions)
	return w
}

// notAdmitted does not tell other namespaces whether a server is there.
func (p *pass[O, W]) notAdmitted() verdict {
	return stalled(v1alpha1.ReasonPermissionDenied, fmt.Sprintf(
		"PleskServer %s (spec.serverRef) is not there, or does not admit namespace %q (its spec.tenants)", p.serverName, p.o.GetNamespace()))
}

// maxNesting bounds the walk from an object to what it lies in.
const maxNesting = 8

// serverOf finds the server of an object: the one that its spec names, else that of what it lies in. A *waiting error names the resource on
// the way that is not there yet.
func (e *Engine) serverOf(ctx context.Context, kind string, o v1alpha1.Object) (types.NamespacedName, error) {
	within := ""
	for range maxNesting {
		if ref := o.Common().ServerRef; ref != nil {
			return serverKey(ref, o.GetNamespace()), nil
		}
		m := e.parentOf(kind, o)
		if m == nil {
			return types.NamespacedName{}, Invalid("spec.serverRef", "required: no other field leads to a server")
		}
		m.Path += within
		parent, why, err := e.getMentioned(ctx, o.GetNamespace(), *m)
		if err != nil {
			return types.NamespacedName{}, err
		}
		if parent == nil {
			return types.NamespacedName{}, &waiting{"waiting for " + why}
		}
		within = fmt.Sprintf(" of %s %q", m.Kind, m.Name)
		kind, o = m.Kind, parent
	}
	return types.NamespacedName{}, Invalid("spec.serverRef", fmt.Sprintf("not found within %d references", maxNesting))
}

func serverKey(ref *v1alpha1.ServerReference, namespace string) types.NamespacedName {
	if ref.Namespace != "" {
		namespace = ref.Namespace
	}
	return types.NamespacedName{Namespace: namespace, Name: ref.Name}
}

// KnownServer is the server that an object is indexed by: the one that its spec names, else the recorded one.
func KnownServer(o v1alpha1.Object) types.NamespacedName {
	for _, ref := range []*v1alpha1.ServerReference{o.Common().ServerRef, o.State().ServerRef} {
		if ref != nil {
			return serverKey(ref, o.GetNamespace())
		}
	}
	return types.NamespacedName{}
}
