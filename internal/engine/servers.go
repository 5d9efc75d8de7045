// The way from a PleskServer to a live session: is it there, may this namespace use it, is it ready.

package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Timeouts of the wire; zero values mean the defaults of xmlapi.
type Timeouts struct {
	Read, Write time.Duration
}

// Servers makes and keeps the sessions of PleskServers.
type Servers struct {
	ServersConfig
	pool       *session.Pool
	namespaces namespaces
}

// ServersConfig is what Servers is made of.
type ServersConfig struct {
	Client    client.Client
	Reader    client.Reader   // for Secrets, read by name and not kept
	Informers cache.Informers // of the Client's cache
	Metrics   *session.Metrics
	Timeouts  Timeouts
	UserAgent string                            // tells a server's access log who is calling
	Reach     Reach                             // where servers may be
	Fence     func() error                      // asked right before each write leaves; nil: nobody is
	Wake      func(server types.NamespacedName) // asks the server's own controller for a look
}

// NewServers returns the keeper of all sessions.
func NewServers(c ServersConfig) *Servers {
	return &Servers{ServersConfig: c, pool: session.NewPool(), namespaces: namespaces{informers: c.Informers}}
}

// Close ends all sessions.
func (s *Servers) Close() { s.pool.Close() }

// Forget ends the session of a server that is gone.
func (s *Servers) Forget(uid types.UID) { s.pool.Drop(string(uid)) }

// ConfigError is a mistake in a PleskServer or its Secrets that the user has to correct.
type ConfigError struct {
	Reason  string // a condition reason
	Message string
}

// Error implements error.
func (e *ConfigError) Error() string { return e.Message }

// Session returns the live session of a server. A *ConfigError says what of the server's description is wrong. Only the
// metadata of its Secrets is looked at, in the cache, until one has changed.
func (s *Servers) Session(ctx context.Context, srv *v1alpha1.PleskServer) (*session.Session, error) {
	version := fmt.Sprint(srv.Generation)
	for _, ref := range secretsOf(srv) {
		meta := &metav1.PartialObjectMetadata{}
		meta.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
		if err := s.Client.Get(ctx, types.NamespacedName{Namespace: srv.Namespace, Name: ref.name}, meta); err != nil {
			return nil, ref.missing(err)
		}
		version += "/" + meta.ResourceVersion
	}
	return s.pool.Get(string(srv.UID), version, func() (*session.Session, error) { return s.connect(ctx, srv) })
}

func (s *Servers) connect(ctx context.Context, srv *v1alpha1.PleskServer) (*session.Session, error) {
	refs := secretsOf(srv)
	secrets := make([]*corev1.Secret, 2) // credentials, CA bundle
	for i, ref := range refs {
		secrets[i] = &corev1.Secret{}
		if err := s.Reader.Get(ctx, types.NamespacedName{Namespace: srv.Namespace, Name: ref.name}, secrets[i]); err != nil {
			return nil, ref.missing(err)
		}
	}
	if err := s.Reach.admits(srv.Spec.URL); err != nil {
		return nil, err
	}
	to, err := connectionTo(srv, secrets[0], secrets[1])
	if err != nil {
		return nil, err
	}
	to.Addresses, to.BeforeWrite = s.Reach.Addresses, s.Fence
	to.UserAgent = s.UserAgent
	to.ReadTimeout, to.WriteTimeout = s.Timeouts.Read, s.Timeouts.Write
	c, err := xmlapi.New(to.Config)
	if err != nil {
		return nil, invalid("spec.%v", err)
	}
	return session.New(session.Config{
		Name: srv.Namespace + "/" + srv.Name, Client: c, Parallel: int(srv.Spec.MaxParallelPackets), Metrics: s.Metrics, Weaknesses: to.weaknesses, Bound: to.bound,
	}), nil
}

type serverSecret struct{ field, name string }

// secretsOf lists the Secrets of a server: the credentials, then the CA bundle if it has one.
func secretsOf(srv *v1alpha1.PleskServer) []serverSecret {
	out := []serverSecret{{fieldCredentials, srv.Spec.CredentialsSecretRef.Name}}
	if tls := srv.Spec.TLS; tls != nil && tls.CABundleSecretRef != nil {
		out = append(out, serverSecret{fieldCABundle, tls.CABundleSecretRef.Name})
	}
	return out
}

func (r serverSecret) missing(err error) error {
	if apierrors.IsNotFound(err) {
		return &ConfigError{Reason: v1alpha1.ReasonSecretNotFound, Message: fmt.Sprintf("%s: Secret %q not found", r.field, r.name)}
	}
	return err
}

// access is how far a namespace may use a server.
type access struct {
	own        bool     // it is the server's own namespace, which may do everything
	kinds      []string // of the server, beyond a tenant's own
	privileged bool     // fields that reach beyond the tenant's sites
	existing   bool     // what no resource describes
}

// has reports whether objects of a kind are allowed.
func (a *access) has(k *kindInfo) bool {
	return a.own || !k.serverScoped || slices.Contains(a.kinds, k.name)
}

// access tells how far a namespace may use a server, nil for not at all. The union of the entries that match it counts.
func (s *Servers) access(ctx context.Context, srv *v1alpha1.PleskServer, namespace string) (*access, error) {
	return accessBy(srv, namespace, func() (labels.Set, error) { return s.labelsOf(ctx, namespace) })
}

// accessBy asks for the labels of the namespace only where a selector needs them.
func accessBy(srv *v1alpha1.PleskServer, namespace string, labelsOf func() (labels.Set, error)) (*access, error) {
	if namespace == srv.Namespace {
		return &access{own: true, privileged: true, existing: true}, nil
	}
	var a *access
	var of labels.Set // of the namespace, once they are known
	known := false
	for _, t := range srv.Spec.Tenants {
		switch t.From {
		case v1alpha1.NamespacesFromAll:
		case v1alpha1.NamespacesFromSelector:
			selector, err := metav1.LabelSelectorAsSelector(t.Selector)
			if err != nil {
				continue // a selector that selects nothing admits nobody; the server's own condition names it
			}
			if !known {
				if of, err = labelsOf(); err != nil {
					return nil, err
				}
				known = true
			}
			if !selector.Matches(of) {
				continue
			}
		default:
			continue // what nobody knows admits nobody
		}
		if a == nil {
			a = &access{}
		}
		a.kinds = append(a.kinds, t.AdditionalKinds...)
		a.privileged = a.privileged || t.PrivilegedFields == v1alpha1.AccessAllow
		a.existing = a.existing || t.ExistingObjects == v1alpha1.AccessAllow
	}
	return a, nil
}

// namespaceWait bounds the wait for the cache of namespaces.
const namespaceWait = 10 * time.Second

// unready says why objects of a server have to wait, "" when they need not.
func unready(srv *v1alpha1.PleskServer) (reason, message string) {
	ready := meta.FindStatusCondition(srv.Status.Conditions, v1alpha1.ConditionReady)
	name := srv.Namespace + "/" + srv.Name
	switch {
	case ready == nil || ready.ObservedGeneration != srv.Generation:
		return v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef) has not been reached yet", name)
	case ready.Status == metav1.ConditionTrue:
		return "", ""
	case ready.Reason == v1alpha1.ReasonCredentialsRejected || ready.Reason == v1alpha1.ReasonWrongServer:
		return ready.Reason, fmt.Sprintf("PleskServer %s (spec.serverRef): %s", name, ready.Message)
	default:
		return v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef) is not ready: %s", name, ready.Reason)
	}
}
