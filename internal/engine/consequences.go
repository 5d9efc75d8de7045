// Consequences: what follows from a failure, by its class alone. The one table, for objects and for the PleskServer itself.

package engine

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// consequence is what follows from a failure of one class: for an object its verdict, for a PleskServer that was probed its conditions.
type consequence struct {
	reason string
	state  state
	pace   pace
	server ServerConsequence
}

// ServerConsequence is what a failed probe means for the conditions of a PleskServer.
type ServerConsequence struct {
	Reason        string
	Stalled       bool                               // until the user acts
	Authenticated metav1.ConditionStatus             // whether the server takes the credentials
	Hint          func(*v1alpha1.PleskServer) string // what of the spec decides; nil or "": nothing that is known
}

// OfServer tells what follows for a PleskServer from a failed probe.
func OfServer(err *xmlapi.Error) ServerConsequence {
	c := consequences[err.Class].server
	if err.Class == xmlapi.Forbidden && err.System {
		c = notAdmitted
	}
	if more := hints[err.About()]; more != "" {
		c.Hint = hint(more)
	}
	return c
}

// hints say of refusals of one class what their codes tell.
var hints = map[xmlapi.About]string{
	xmlapi.AboutKey:   fieldCredentials + ": either the key is wrong, or it is bound to another address than the operator's",
	xmlapi.AboutPanel: fieldCredentials + ": the account has no access to the panel, or not from the operator's address",
}

// ReasonOf is what Ready of an object says of a failure of one class.
func ReasonOf(class xmlapi.Class) string { return consequences[class].reason }

// consequences has every class.
var consequences = map[xmlapi.Class]consequence{
	xmlapi.Transient:      {v1alpha1.ReasonTransientError, stateWorking, paceBackoff, notServed},
	xmlapi.Busy:           {v1alpha1.ReasonServerBusy, stateWorking, paceBackoff, notServed},
	xmlapi.Ambiguous:      {v1alpha1.ReasonTransientError, stateWorking, paceBackoff, notServed},
	xmlapi.Denied:         {v1alpha1.ReasonCredentialsRejected, stateWorking, paceBackoff, badCredentials},
	xmlapi.Unlicensed:     {v1alpha1.ReasonServerNotReady, stateWorking, paceBackoff, notServed},
	xmlapi.UnknownVersion: {v1alpha1.ReasonServerNotReady, stateWorking, paceBackoff, badVersion},
	xmlapi.Untrusted:      {v1alpha1.ReasonServerNotReady, stateWorking, paceBackoff, badConnection},
	xmlapi.Forbidden:      {v1alpha1.ReasonPermissionDenied, stateWorking, paceSlow, badAccount},
	xmlapi.NotFound:       {v1alpha1.ReasonDependencyNotReady, stateWorking, paceBackoff, notServed},
	xmlapi.Exists:         {v1alpha1.ReasonAlreadyExists, stateStalled, paceResync, notServed},
	xmlapi.Invalid:        {v1alpha1.ReasonRejected, stateStalled, paceResync, badProbe},
	xmlapi.Limit:          {v1alpha1.ReasonLimitReached, stateWorking, paceSlow, notServed},
}

// What can be wrong with a server.
var (
	notServed = ServerConsequence{v1alpha1.ReasonServerNotReady, false, metav1.ConditionUnknown, nil}
	badProbe  = ServerConsequence{v1alpha1.ReasonServerNotReady, false, metav1.ConditionUnknown, func(srv *v1alpha1.PleskServer) string {
		if srv.Spec.ProtocolVersion == "" {
			return ""
		}
		return fmt.Sprintf("spec.protocolVersion %q may be why: servers need not execute old versions that they list; unset, the newest is spoken", srv.Spec.ProtocolVersion)
	}}
	badConnection  = ServerConsequence{v1alpha1.ReasonServerNotReady, true, metav1.ConditionUnknown, hint("spec.url, spec.tls; authorities that are not publicly trusted belong into the credentials' Secret, key " + keyCABundle)}
	badCredentials = ServerConsequence{v1alpha1.ReasonCredentialsRejected, true, metav1.ConditionFalse, hint(fieldCredentials)}
	badAccount     = ServerConsequence{v1alpha1.ReasonPermissionDenied, true, metav1.ConditionTrue, hint(fieldCredentials + ": the account may ask for none of what tells which Plesk answers")}
	notAdmitted    = ServerConsequence{v1alpha1.ReasonPermissionDenied, true, metav1.ConditionUnknown, hint("nobody is admitted from here: the server's API is disabled, or closed to the operator's address (panel.ini, section api), or the account is a reseller's without the permission remote_access_interface")}
	badVersion     = ServerConsequence{v1alpha1.ReasonInvalidSpec, true, metav1.ConditionUnknown, func(srv *v1alpha1.PleskServer) string {
		return fmt.Sprintf("spec.protocolVersion %q", srv.Spec.ProtocolVersion)
	}}
)

func hint(text string) func(*v1alpha1.PleskServer) string {
	return func(*v1alpha1.PleskServer) string { return text }
}
