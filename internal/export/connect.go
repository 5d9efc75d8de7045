// The way to the server that is exported.

package export

import (
	"context"

	corev1 "k8s.io/api/core/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// Source is a server that can be read. It is for one goroutine.
type Source struct {
	xmlapi.Doer
	GUID    string // of the installation; for a reseller its own, for a customer its provider's
	Role    v1alpha1.ServerRole
	Version version.Version // that is spoken with it, "" where it does not say

	session *session.Session
}

// Open connects to a server, by the rules of the operator: the credentials have to say that they are for it, and addresses may be out of reach. Where the
// PleskServer has recorded which Plesk it is, no other one is read. CA is nil where the PleskServer names no such Secret.
func Open(ctx context.Context, srv *v1alpha1.PleskServer, credentials, ca *corev1.Secret, reach engine.Reach, userAgent string) (*Source, error) {
	s, err := engine.Dial(srv, credentials, ca, reach, userAgent)
	if err != nil {
		return nil, err
	}
	is, err := s.Introduce(ctx, server.GetRequest{GenInfo: &xmlapi.Empty{}}, func(session.Role) []xmlapi.Caller { return nil })
	if err == nil && srv.Status.GUID != "" && is.GUID != srv.Status.GUID {
		err = &session.WrongServerError{Expected: srv.Status.GUID, Actual: is.GUID}
	}
	if err != nil {
		s.Client.Close()
		return nil, &fittedError{session.Fit(err.Error(), s.Secrets()...), err}
	}
	var spoken version.Version
	if p := is.Protocols.Protos; p != nil {
		spoken = version.Spoken(srv.Spec.ProtocolVersion, p.Versions)
		s.KeepApart(spoken.Before(version.Full))
	}
	w := engine.WitnessOf(s, srv, session.Foreground, is.GUID)
	return &Source{Doer: w.Lists(), GUID: is.GUID, Role: v1alpha1.ServerRole(is.Role), Version: spoken, session: s}, nil
}

// fittedError is an error that a server had a hand in, fit to be shown.
type fittedError struct {
	text string
	err  error
}

// Error implements error.
func (e *fittedError) Error() string { return e.text }

// Unwrap returns the error, for its type: its text may quote secrets.
func (e *fittedError) Unwrap() error { return e.err }

// Fit makes a text that the server had a hand in fit to be shown.
func (s *Source) Fit(text string) string { return session.Fit(text, s.session.Secrets()...) }

// Close ends the connection.
func (s *Source) Close() { s.session.Client.Close() }
