// What a probe of a PleskServer means for its conditions.

package server

import (
	"errors"

	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
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
	switch {
	case c.Hint != nil:
		v.message += " (" + c.Hint(srv) + ")"
	case e.Code == 0:
		v.message += " (spec.url)"
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
