// The way from a PleskServer to a live session.

package engine

import (
	"context"
	"fmt"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// Timeouts of the wire; zero values mean the defaults of xmlapi.
type Timeouts struct {
	Read, Write time.Duration // until the answer begins
	Answer      time.Duration // from there to its end
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
	Budget    *xmlapi.Budget                    // of the memory for the answers of all servers; nil: none
	UserAgent string                            // tells a server's access log who is calling
	Reach     Reach                             // where servers may be
	Fence     func() error                      // asked before each write, and again right before its body leaves; nil: nobody is
	Wake      func(server types.NamespacedName) // asks the server's own controller for a look
}

// NewServers returns the keeper of all sessions.
func NewServers(c ServersConfig) *Servers {
	return &Servers{ServersConfig: c, pool: session.NewPool(), namespaces: namespaces{informers: c.Informers}}
}

// Close ends all sessions.
func (s *Servers) Close() { s.pool.Close() }

// Forget ends the session of a server that is gone, and its series.
func (s *Servers) Forget(srv *v1alpha1.PleskServer) {
	s.pool.Drop(string(srv.UID))
	s.Metrics.Forget(srv.Namespace + "/" + srv.Name)
}

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
	state := fmt.Sprint(srv.Generation)
	for _, ref := range secretsOf(srv) {
		meta := &metav1.PartialObjectMetadata{}
		meta.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
		if err := s.Client.Get(ctx, types.NamespacedName{Namespace: srv.Namespace, Name: ref.name}, meta); err != nil {
			return nil, ref.missing(err)
		}
		state += "/" + meta.ResourceVersion
	}
	live, err := s.pool.Get(string(srv.UID), state, func() (*session.Session, error) { return s.connect(ctx, srv) })
	if err == nil {
		live.KeepApart(version.Version(srv.Status.ProtocolVersion).Before(version.Full))
	}
	return live, err
}

func (s *Servers) connect(ctx context.Context, srv *v1alpha1.PleskServer) (*session.Session, error) {
	credentials, ca, err := ReadSecrets(ctx, s.Reader, srv)
	if err != nil {
		return nil, err
	}
	return s.dial(srv, credentials, ca)
}

// ReadSecrets reads the credentials of a server, and its certificate authorities; nil where it has none of its own. A *ConfigError says which is missing.
func ReadSecrets(ctx context.Context, reader client.Reader, srv *v1alpha1.PleskServer) (credentials, ca *corev1.Secret, _ error) {
	secrets := make([]*corev1.Secret, 2)
	for i, ref := range secretsOf(srv) {
		secrets[i] = &corev1.Secret{}
		if err := reader.Get(ctx, types.NamespacedName{Namespace: srv.Namespace, Name: ref.name}, secrets[i]); err != nil {
			return nil, nil, ref.missing(err)
		}
	}
	return secrets[0], secrets[1], nil
}

// DialToAct makes a session for somebody who acts by hand, and reads the server's Secrets with rights of their own. The rules are those of Dial, but that
// it may write.
func DialToAct(ctx context.Context, reader client.Reader, srv *v1alpha1.PleskServer, reach Reach, userAgent string) (*session.Session, error) {
	credentials, ca, err := ReadSecrets(ctx, reader, srv)
	if err != nil {
		return nil, err
	}
	c := ServersConfig{Metrics: session.NewMetrics(prometheus.NewRegistry()), Reach: reach, UserAgent: userAgent}
	return c.dial(srv, credentials, ca)
}

// Dial makes a session for a program that is no operator: nothing is kept or counted for others. The same rules hold: the credentials say which server
// they are for, and where servers may be. Nothing that writes leaves.
func Dial(srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, reach Reach, userAgent string) (*session.Session, error) {
	c := ServersConfig{
		Metrics: session.NewMetrics(prometheus.NewRegistry()), Reach: reach, UserAgent: userAgent,
		Fence: readOnly,
	}
	if srv.Spec.MaxParallelPackets == 0 { // it has not been through an API server
		srv = srv.DeepCopy()
		srv.Spec.MaxParallelPackets = 1
	}
	return c.dial(srv, credentials, ca)
}

// dial makes a session of a server and its Secrets; the second is nil where there is none.
func (s *ServersConfig) dial(srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret) (*session.Session, error) {
	if err := s.Reach.admits(srv.Spec.URL); err != nil {
		return nil, err
	}
	if _, err := windowsOf(srv); err != nil {
		return nil, err
	}
	to, err := connectionTo(srv, credentials, ca)
	if err != nil {
		return nil, err
	}
	to.Addresses, to.BeforeWrite = s.Reach.Addresses, s.Fence
	to.UserAgent, to.Budget = s.UserAgent, s.Budget
	to.ReadTimeout, to.WriteTimeout, to.AnswerTimeout = s.Timeouts.Read, s.Timeouts.Write, s.Timeouts.Answer
	name := srv.Namespace + "/" + srv.Name
	to.Traffic = func(sent, received int64) { s.Metrics.Traffic(name, sent, received) }
	c, err := xmlapi.New(to.Config)
	if err != nil {
		return nil, invalid("spec.%v", err)
	}
	return session.New(session.Config{
		Name: name, Client: c, Login: to.Username, Role: session.Role(srv.Status.Role), Parallel: int(srv.Spec.MaxParallelPackets), Metrics: s.Metrics, Weaknesses: to.weaknesses, Bound: to.bound,
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

// edited reports whether the spec of a server that was ready has changed, and what has become of it is not known yet.
func edited(srv *v1alpha1.PleskServer) bool {
	ready := meta.FindStatusCondition(srv.Status.Conditions, v1alpha1.ConditionReady)
	return ready != nil && ready.Status == metav1.ConditionTrue && ready.ObservedGeneration != srv.Generation
}

// unready says why objects of a server have to wait, "" when they need not.
func unready(srv *v1alpha1.PleskServer) (reason, message string) {
	ready := meta.FindStatusCondition(srv.Status.Conditions, v1alpha1.ConditionReady)
	name := srv.Namespace + "/" + srv.Name
	switch {
	case ready == nil || ready.ObservedGeneration != srv.Generation:
		return v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef) has not been reached yet", name)
	case ready.Status == metav1.ConditionTrue && srv.Status.ProtocolVersion == "":
		return v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef): its protocol version is not known yet", name)
	case ready.Status == metav1.ConditionTrue:
		return "", ""
	case ready.Reason == v1alpha1.ReasonCredentialsRejected || ready.Reason == v1alpha1.ReasonWrongServer:
		return ready.Reason, fmt.Sprintf("PleskServer %s (spec.serverRef): %s", name, ready.Message)
	default:
		return v1alpha1.ReasonServerNotReady, fmt.Sprintf("PleskServer %s (spec.serverRef) is not ready: %s", name, ready.Reason)
	}
}
