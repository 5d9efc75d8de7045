// What a probe of a PleskServer means for its conditions.

package server

import (
	"errors"
	"fmt"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

const (
	yes     = metav1.ConditionTrue
	no      = metav1.ConditionFalse
	unknown = metav1.ConditionUnknown
)

// verdict is what a probe found.
type verdict struct {
	reason, message   string
	reached, admitted metav1.ConditionStatus // Reachable, Authenticated
	ready, stalled    bool
}

func misconfigured(c *engine.ConfigError) verdict {
	return verdict{reason: c.Reason, message: c.Message, reached: unknown, admitted: unknown, stalled: true}
}

// verdictOf turns a failed probe into a verdict, by its class.
func verdictOf(srv *v1alpha1.PleskServer, err error) verdict {
	if _, refused := errors.AsType[xmlapi.RefusedAddressError](err); refused {
		// No connection was tried, so it is unknown whether something listens there.
		return verdict{reason: v1alpha1.ReasonInvalidSpec, reached: unknown, admitted: unknown, stalled: true,
			message: "spec.url: " + xmlapi.RefusedAddressError{}.Error() + "; the operator's flags --allow-addresses and --deny-addresses decide"}
	}
	if errors.Is(err, session.ErrNoSubscription) {
		return verdict{reason: v1alpha1.ReasonDependencyNotReady, reached: yes, admitted: yes, message: session.ErrNoSubscription.Error() +
			": nothing is written or deleted until it has one (its provider makes them; spec.deletionPolicy: Retain lets resources go)"}
	}
	e, ok := errors.AsType[*xmlapi.Error](err)
	if !ok {
		return verdict{reason: v1alpha1.ReasonServerNotReady, message: err.Error(), reached: no, admitted: unknown}
	}
	c := engine.OfServer(e)
	v := verdict{reason: c.Reason, message: err.Error(), reached: yes, admitted: c.Authenticated, stalled: c.Stalled}
	if e.Code == 0 {
		v.reached = no
	}
	hint := ""
	if c.Hint != nil {
		hint = c.Hint(srv)
	}
	switch {
	case hint != "":
		v.message += " (" + hint + ")"
	case e.Code == 0:
		v.message += " (spec.url)"
	}
	return v
}

// mute is the verdict about a server with which no version of the protocol can be spoken, nil where one can.
func mute(srv *v1alpha1.PleskServer, spoken version.Version) *verdict {
	newest := "none"
	if listed := srv.Status.ProtocolVersions; len(listed) > 0 {
		newest = listed[0]
	}
	v := &verdict{reason: v1alpha1.ReasonInvalidSpec, reached: yes, admitted: yes, stalled: true}
	asked := srv.Spec.ProtocolVersion
	switch old := spoken.Before(version.Oldest); {
	case !old:
		return nil
	case asked != "" && spoken == "":
		v.message = fmt.Sprintf("spec.protocolVersion: the server does not speak %s, its newest is %s", asked, newest)
	case asked != "":
		v.message = fmt.Sprintf("spec.protocolVersion: %s is too old: at least %s is needed, and the server's newest is %s", spoken, version.Oldest, newest)
	default:
		v.reason = v1alpha1.ReasonUnsupportedByServer
		v.message = fmt.Sprintf("the server is too old: the newest protocol that it speaks is %s, and at least %s is needed, that of Plesk 11.0", newest, version.Oldest)
	}
	return v
}

// judge puts a verdict into the conditions. Its text may quote the server, which may know the secrets.
func judge(srv *v1alpha1.PleskServer, v verdict, secrets ...xmlapi.Secret) {
	v.message = session.Fit(v.message, secrets...)
	set := func(kind string, status metav1.ConditionStatus) {
		meta.SetStatusCondition(&srv.Status.Conditions, metav1.Condition{
			Type: kind, Status: status, Reason: v.reason, Message: v.message, ObservedGeneration: srv.Generation,
		})
	}
	present := func(kind string, it bool) {
		if it {
			set(kind, yes)
		} else {
			meta.RemoveStatusCondition(&srv.Status.Conditions, kind)
		}
	}
	ready := no
	if v.ready {
		ready = yes
	}
	set(v1alpha1.ConditionReady, ready)
	set(v1alpha1.ConditionReachable, v.reached)
	set(v1alpha1.ConditionAuthenticated, v.admitted)
	present(v1alpha1.ConditionReconciling, !v.ready && !v.stalled)
	present(v1alpha1.ConditionStalled, v.stalled)
}
