// A pass: one reconciliation of one object, in an order that survives a crash at any step.

package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/version"
)

// pass is one reconciliation of one object. Its steps return a verdict to end it, nil to go on.
type pass[O v1alpha1.Object, W any] struct {
	*reconciler[O, W]
	urgency urgency
	o       O    // as it is being changed
	before  O    // as it was read
	listed  bool // the server's side comes from a list: nothing is written, and the pass counts only if there is nothing to say

	serverName types.NamespacedName
	server     *v1alpha1.PleskServer
	spoken     version.Version // with the server
	access     *access
	session    *session.Session
	doer       *session.Witness // all packets of the pass go through it: to one server, which says who it is
	inputs     Inputs
	ownSecrets []secretRead // the object's, as they were at one time
	secret     secretState
	hidden     []xmlapi.Secret // not to be shown
	key        Key
	whole      W        // what is wanted
	want       W        // what of it the server's version has, and is not a billing system's
	theirs     W        // what of it is
	lacking    []string // what it does not have
	without    []string // soft references that lead nowhere yet
	found      *Found[W]
	creating   bool // from the create until the object is recorded
	made       bool // by this pass
	stays      bool // on its server, while its resource goes

	parentNow      *v1alpha1.RecordedParent // what the reference to the parent resolves to
	parentReplaced *verdict                 // set if that was recreated under its name: the verdict, unless the object has gone with the old one
	adoption       *adoption                // what was found is to become ours; nil when it is
	given          []v1alpha1.PleskApproval // not used up
	permit         string                   // the token of the permit for what is about to be done
	using          []v1alpha1.PleskApproval // for what is about to be done
	used           []v1alpha1.PleskApproval // for what was done
	awaited        *v1alpha1.AwaitedPermit  // when the pass began
	reported       bool                     // an event says what was done
	unsaved        bool                     // something must be saved in the status before the next write to the server

	standing      []v1alpha1.PleskSuspension // for the object, by name
	knowsStanding bool                       // they have been read
	leftToOthers  []Change                   // what a billing system has otherwise than the spec
}

func (p *pass[O, W]) run(ctx context.Context) verdict {
	if deleting(p.o) {
		return p.runDelete(ctx)
	}
	if p.o.Common().Paused(p.clock.Now()) {
		return p.untilResumed(halted(v1alpha1.ReasonSuspended, p.pause()+": the server is neither read nor written"))
	}
	p.awaited, p.o.State().Awaiting = p.o.State().Awaiting, nil
	for _, step := range []func(context.Context) *verdict{
		p.readPermits, p.readSuspensions, p.learnSecrets, p.reachServer, p.suspendFirst, p.resolve, p.claimKey, p.find, p.own, p.suspend, p.rotate, p.keepsTold, p.apply,
		p.suspend, // what was adopted by an approved plan
		p.publish,
	} {
		if v := step(ctx); v != nil {
			return *v
		}
	}
	if v := p.unsupported(); v != nil {
		return *v
	}
	p.useUpAwaited()
	v := available()
	if p.without != nil {
		v.message += ", without " + strings.Join(p.without, "; ")
	}
	if len(p.leftToOthers) > 0 {
		v.message += ", but for what its billing system has otherwise" + whereShown(p.leftToOthers)
		v.drift = p.leftToOthers
	}
	return v
}

// useUpAwaited uses up the token of what was awaited before: it is done, or not needed any more. Should it come again, that is to be permitted anew.
func (p *pass[O, W]) useUpAwaited() {
	if p.awaited != nil {
		p.o.State().AppliedPermit = p.awaited.Token
	}
}

// pause says for how long reconciling is paused, and why where somebody has said that.
func (p *pass[O, W]) pause() string {
	how := "spec.suspend is true"
	if until := p.o.Common().SuspendUntil; until != nil {
		how += fmt.Sprintf(" until %s (spec.suspendUntil)", until.UTC().Format(time.RFC3339))
	}
	if why := session.Fit(p.o.GetAnnotations()[v1alpha1.AnnotationSuspendReason]); why != "" {
		how += fmt.Sprintf(" (%q)", why)
	}
	return how
}

// untilResumed has a paused object looked at again when its pause ends.
func (p *pass[O, W]) untilResumed(v verdict) verdict {
	if until := p.o.Common().SuspendUntil; until != nil {
		v.pace, v.after = paceAfter, max(min(until.Sub(p.clock.Now()), clockCheck), time.Millisecond)
	}
	return v
}

// job is the pass's object as the queues and the claims know it.
func (p *pass[O, W]) job() job {
	return job{kind: p.kindName, NamespacedName: client.ObjectKeyFromObject(p.o)}
}

// policy is the management policy, Managed where none is set.
func (p *pass[O, W]) policy() v1alpha1.ManagementPolicy {
	return cmp.Or(p.o.Common().ManagementPolicy, v1alpha1.ManagementPolicyManaged)
}

func (p *pass[O, W]) managed() bool { return p.policy() == v1alpha1.ManagementPolicyManaged }

func stop(v verdict) *verdict { return &v }

func (p *pass[O, W]) fail(err error) *verdict {
	if apierrors.IsConflict(err) || errors.Is(err, errOutdated) {
		return stop(stale())
	}
	v := failed(err, p.blame)
	if errors.Is(err, context.Canceled) {
		v.silent = true
	}
	_, closed := errors.AsType[*session.ClosedError](err)
	_, wrong := errors.AsType[*session.WrongServerError](err)
	if closed || wrong || mayRefuseAll(err) {
		p.servers.Wake(p.serverName) // its conditions still say that it is ready; it may not be
	}
	return &v
}

// mayRefuseAll reports whether a server refuses every packet, or may: what it refuses as a whole with "permission denied", and answers that cannot be
// read, the probe tells from what it does to everybody.
func mayRefuseAll(err error) bool {
	e, ok := errors.AsType[*xmlapi.Error](err)
	return ok && (e.Class.RefusesAll() || e.MayBeOneOperation())
}

// blame names the field of the spec that a refusal is about, "" where it is not known.
func (p *pass[O, W]) blame(err *xmlapi.Error) string { return FieldOf(p.kind, err) }

// resolve reads references, looks at secrets, and translates the spec.
func (p *pass[O, W]) resolve(ctx context.Context) *verdict {
	refs, err := p.resolveRefs(ctx)
	if err != nil {
		return p.fail(err)
	}
	p.inputs = Inputs{refs: refs}
	if v := p.sameParent(); v != nil {
		return v
	}
	if p.policy() != v1alpha1.ManagementPolicyObserveOnly {
		if v := p.lookAtSecrets(); v != nil {
			return v
		}
	}
	if v := p.translate(); v != nil {
		return v
	}
	return p.deny(p.beyondReach())
}

func (p *pass[O, W]) translate() *verdict {
	p.inputs.Mark, p.inputs.Suspended = p.wantedMark(), p.suspendedByUs()
	key, want, err := p.kind.Desired(p.o, p.inputs)
	if err == nil {
		err = unsendable(want)
	}
	if err != nil {
		return p.fail(err)
	}
	p.key, p.whole = key, p.normal(want)
	p.want, p.lacking = supported(p.whole, p.spoken)
	if p.contracted() {
		p.want, p.theirs = splitLifecycle(p.want)
	}
	for path, value := range plainWriteOnly(p.want) {
		if p.secret.digests == nil {
			p.secret.digests = map[string]string{}
		}
		p.secret.digests[path] = p.secrets.digest(p.o.GetUID(), path, value)
	}
	return nil
}

func (p *pass[O, W]) normal(w W) W {
	if n, ok := p.kind.(Normalizer[W]); ok {
		return n.Normal(w)
	}
	return w
}

// claimKey makes sure that no other custom resource describes the same object.
func (p *pass[O, W]) claimKey(ctx context.Context) *verdict {
	if s := p.o.State(); s.ID == "" {
		p.noteKey(p.key) // also when the claim fails: the end of the owner wakes those who wait for its key
	}
	owner, err := p.claim(ctx, p.key)
	if err != nil {
		return p.fail(err)
	}
	if owner != nil {
		return stop(stalled(v1alpha1.ReasonOwnedByAnother, fmt.Sprintf("%s describes %q on this server already", describe(p.kindName, p.o, owner), p.key.Name)))
	}
	return nil
}

func (p *pass[O, W]) noteKey(k Key) {
	s := p.o.State()
	s.Key, s.Within = k.Name, k.Within.published()
}

// finish writes the status if it differs, reports, and requeues. Only what could be written is reported: a pass that began with an outdated
// object would report the same news twice.
func (p *pass[O, W]) finish(ctx context.Context, v verdict) (reconcile.Result, error) {
	p.fitVerdict(&v)
	if !v.silent {
		p.judge(v)
		if statusChanged(p.before, p.o) {
			if err := p.updateStatus(ctx); err != nil {
				if !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) {
					p.warn("the status could not be written, so it may be about an earlier spec: " + err.Error())
					return reconcile.Result{}, errors.Join(p.fitError(v.err), err)
				}
				v = stale()
			}
		}
	}
	if !v.silent {
		p.tellApprovals(ctx)
	}
	p.report(ctx, v)
	return p.requeue(v), nil
}
