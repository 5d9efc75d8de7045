// Verdicts: how a pass ends. The one place that turns an outcome into conditions, event, log level, metric and requeue.

package engine

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// pace says when an object is reconciled again without being woken.
type pace int

const (
	paceNever   pace = iota // the object is gone or a watch will wake it
	paceResync              // at the jittered resync
	paceBackoff             // soon, then less and less often
	paceSlow                // after retrySlow
	paceAfter               // after verdict.after
)

// verdict is how a pass ended.
type verdict struct {
	reason  string // of Ready
	message string
	state   state
	pace    pace
	after   time.Duration
	drift   []Change // found on the server without a change of ours, and left there
	err     error    // for the log; what users see is message
	silent  bool     // the object is not to be written: it is gone, or another writer was faster
}

// state is what the conditions say together.
type state int

const (
	stateReady   state = iota // Ready and Synced are True
	stateWorking              // not ready, will be retried: Reconciling
	stateStalled              // not ready until the user acts: Stalled
	stateHalted               // not ready on purpose (Suspended, Planned): neither
)

func available() verdict {
	return verdict{reason: v1alpha1.ReasonAvailable, message: "the server has what the spec says", state: stateReady, pace: paceResync}
}

func waitFor(reason, message string) verdict {
	return verdict{reason: reason, message: message, state: stateWorking, pace: paceResync}
}

func stalled(reason, message string) verdict {
	return verdict{reason: reason, message: message, state: stateStalled, pace: paceResync}
}

func halted(reason, message string) verdict {
	return verdict{reason: reason, message: message, state: stateHalted, pace: paceResync}
}

// internal is a failure of Kubernetes' API or of this program: tried again, not shown as the server's.
func internal(err error) verdict {
	return verdict{reason: v1alpha1.ReasonTransientError, message: err.Error(), state: stateWorking, pace: paceBackoff, err: err}
}

// stale stops a pass whose object was changed by somebody else in the meantime.
func stale() verdict { return verdict{silent: true, pace: paceBackoff} }

// done ends the last pass of an object.
func done() verdict { return verdict{silent: true, pace: paceNever} }

// failed turns an error of a pass into a verdict, by its class and nothing else.
func failed(err error, blame func(*xmlapi.Error) string) verdict {
	if closed, ok := errors.AsType[*session.ClosedError](err); ok {
		// The server's own controller probes it and says what is wrong; the object asks for nothing until then.
		return verdict{reason: closedReason(closed.Cause), message: closed.Error(), state: stateWorking, pace: paceBackoff}
	}
	if w, ok := errors.AsType[*session.WrongServerError](err); ok {
		return stalled(v1alpha1.ReasonWrongServer, fmt.Sprintf(
			"the object belongs to the Plesk with GUID %s, spec.serverRef leads to %s: nothing is written", w.Expected, w.Actual))
	}
	if w, ok := errors.AsType[*waiting](err); ok {
		return waitFor(v1alpha1.ReasonDependencyNotReady, w.message)
	}
	if f, ok := errors.AsType[*forbidden](err); ok {
		return stalled(v1alpha1.ReasonPermissionDenied, f.message)
	}
	if i, ok := errors.AsType[*InvalidError](err); ok {
		return stalled(v1alpha1.ReasonInvalidSpec, i.Error())
	}
	e, ok := errors.AsType[*xmlapi.Error](err)
	if !ok {
		return internal(err)
	}
	message := err.Error()
	if _, known := errors.AsType[*blamed](err); !known && blame != nil {
		if f := blame(e); f != "" {
			message += " (" + f + ")"
		}
	}
	c := consequences[e.Class]
	return verdict{reason: c.reason, message: message, state: c.state, pace: c.pace, err: err}
}

// holdsBack reports whether what was to be written was refused, for now or for good, or waits for something. What failed on the way is tried again as
// a whole, and another server than the object's gets nothing.
func (v *verdict) holdsBack() bool {
	e, ok := errors.AsType[*xmlapi.Error](v.err)
	tryAgain := v.silent || v.state == stateWorking && v.pace == paceBackoff && !(ok && e.RefusedForNow())
	return !tryAgain && v.reason != v1alpha1.ReasonWrongServer
}

// closedReason is what objects are told of a server whose door is closed.
func closedReason(cause error) string {
	if class := xmlapi.ClassOf(cause); class.RefusesAll() {
		return consequences[class].reason
	}
	return v1alpha1.ReasonServerNotReady // it does not answer
}

// ListNames is a sentence with the first five names, and how many more there are.
func ListNames(what string, names []string) string {
	const show = 5
	if len(names) > show {
		return fmt.Sprintf("%s %s and %d more", what, strings.Join(names[:show], ", "), len(names)-show)
	}
	return what + " " + strings.Join(names, ", ")
}
