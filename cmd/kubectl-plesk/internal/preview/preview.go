// What applying manifests would write to the servers.

// Package preview tells what applying manifests would write to Plesk servers, field by field. The engine makes its passes over a cluster in memory, in
// which the manifests have been applied; neither the cluster nor a server is written to. It prints nothing.
package preview

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/session"
)

// Action is what would become of an object on its server.
type Action string

// The actions.
const (
	None   Action = "None"   // it is as the manifest says, or nothing is written by policy
	Create Action = "Create" // it would be made, at once or when what it waits for is there
	Update Action = "Update" // fields of it would be written
	Adopt  Action = "Adopt"  // it is there, and would become the resource's
	Refuse Action = "Refuse" // the cluster, the operator or the server would not take it as it is
	Fail   Action = "Fail"   // it could not be compared
)

// Result is what would become of one manifest.
type Result struct {
	fleet.Ref `json:",inline"`
	Action    Action            `json:"action"`
	Reason    string            `json:"reason,omitempty"` // as its Ready condition would say
	Message   string            `json:"message,omitempty"`
	Changes   []v1alpha1.Change `json:"changes,omitempty"` // what would be written
}

// Options of Run.
type Options struct {
	Scheme            *runtime.Scheme // of Kubernetes' types and ours
	Base              []client.Object // ours, as they are in the cluster
	Reader            client.Reader   // of Secrets and namespaces; nil: there is no cluster
	OperatorNamespace string          // where the operator keeps its key
	Reach             engine.Reach
	UserAgent         string
	Clock             clock.PassiveClock
}

// rounds bounds how often an object is looked at: a pass may end with the wish for another one.
const rounds = 4

// Run tells what would become of manifests, in the order in which the operator's kinds depend on each other. The notes say what could not be seen, and which policies would change.
func Run(ctx context.Context, o Options, manifests []Manifest) (results []Result, notes []string, _ error) {
	c := newCluster(o)
	results = []Result{} // as data, none are a list, too
	for _, m := range manifests {
		problems, err := c.apply(ctx, m)
		if err != nil {
			return nil, nil, err
		}
		if len(problems) > 0 {
			results = append(results, Result{Ref: m.Ref, Action: Refuse, Reason: v1alpha1.ReasonInvalidSpec, Message: strings.Join(problems, "; ")})
		}
	}
	if err := c.reach(); err != nil {
		return nil, nil, err
	}
	e, servers, err := c.engine(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	defer servers.Close()
	come := map[fleet.Ref]bool{}
	for _, r := range results {
		come[r.Ref] = false
	}
	for _, t := range c.described() {
		r, err := c.look(ctx, e, t)
		if ctx.Err() != nil {
			return nil, nil, fmt.Errorf("interrupted before everything was compared: %w", context.Cause(ctx))
		}
		if err != nil {
			return nil, nil, err
		}
		if r.Action == Create && r.Reason == v1alpha1.ReasonDependencyNotReady && c.hopeless(t, come) {
			r.Action, r.Changes = Refuse, nil
		}
		come[t] = r.Action != Refuse && r.Action != Fail
		results = append(results, r)
	}
	notes = c.notes
	if c.keyless {
		notes = append(notes, fmt.Sprintf("you may not read Secret %s in namespace %s: passwords that have changed in their Secrets, and marks, are not seen", engine.HashKeySecret, o.OperatorNamespace))
	}
	slices.SortStableFunc(results, func(a, b Result) int { return c.order(a.Ref, b.Ref) })
	return results, notes, nil
}

// engine returns one that looks at the cluster in memory.
func (c *cluster) engine(ctx context.Context, o Options) (*engine.Engine, *engine.Servers, error) {
	metrics := prometheus.NewRegistry()
	servers := engine.NewServers(engine.ServersConfig{
		Client: c, Reader: c, Metrics: session.NewMetrics(metrics), Reach: o.Reach, UserAgent: o.UserAgent,
		Wake: func(client.ObjectKey) {},
	})
	secrets, err := engine.NewSecrets(ctx, c, c, c, o.OperatorNamespace)
	if apierrors.IsForbidden(err) {
		c.keyless = true
		secrets, err = engine.NewSecrets(ctx, c, c, c, o.OperatorNamespace)
	}
	if err != nil {
		return nil, nil, err
	}
	e, err := controller.NewEngine(engine.Config{
		Client: c, Recorder: &events.FakeRecorder{}, Servers: servers, Secrets: secrets, Metrics: engine.NewMetrics(metrics), Clock: o.Clock,
	})
	if err != nil {
		return nil, nil, err
	}
	if err := e.SetupPreviews(ctx, c); err != nil {
		return nil, nil, err
	}
	c.start()
	return e, servers, nil
}

// look passes over an object until nothing more comes of it.
func (c *cluster) look(ctx context.Context, e *engine.Engine, of fleet.Ref) (Result, error) {
	o, err := c.get(ctx, of)
	if err != nil {
		return Result{}, err
	}
	var p engine.Preview
	for range rounds {
		before := o.GetResourceVersion()
		if p, err = e.Preview(ctx, o); err != nil {
			return Result{}, fmt.Errorf("%s: %w", of, err)
		}
		if o, err = c.get(ctx, of); err != nil {
			return Result{}, err
		}
		if p.Adopts || !p.Nothing && o.GetResourceVersion() == before {
			break
		}
	}
	if p.Nothing {
		return Result{Ref: of, Action: Fail, Message: "no look at it came to an end"}, nil
	}
	return c.judge(of, o, p), nil
}

// judge reads what a pass has come to.
func (c *cluster) judge(of fleet.Ref, o v1alpha1.Object, p engine.Preview) Result {
	s := o.State()
	r := Result{Ref: of, Action: Fail, Changes: s.Changes}
	ready := meta.FindStatusCondition(s.Conditions, v1alpha1.ConditionReady)
	if ready == nil {
		r.Message = "the operator would say nothing of it"
		return r
	}
	r.Reason, r.Message = ready.Reason, ready.Message
	observes := o.Common().ManagementPolicy == v1alpha1.ManagementPolicyObserveOnly
	switch {
	case p.Adopts && ready.Status == metav1.ConditionTrue:
		r.Action = Adopt
	case ready.Status == metav1.ConditionTrue, r.Reason == v1alpha1.ReasonSuspended, observes && seenOnly[r.Reason]:
		r.Action, r.Changes = None, nil // what differs is not written
	case r.Reason == v1alpha1.ReasonPlanned:
		r.Action = planned(p)
		r.Message, _, _ = strings.Cut(r.Message, " (status.changes")
		r.Message, _, _ = strings.Cut(r.Message, "; a PleskApproval")
	case r.Reason == v1alpha1.ReasonDependencyNotReady && s.ID == "":
		r.Action, r.Changes = Create, c.wanted(of)
	case meta.IsStatusConditionTrue(s.Conditions, v1alpha1.ConditionStalled) && p.Exists:
		r.Action = Refuse
	case meta.IsStatusConditionTrue(s.Conditions, v1alpha1.ConditionStalled), r.Reason == v1alpha1.ReasonDependencyNotReady:
		r.Action, r.Changes = Refuse, nil
	default:
		r.Changes = nil // they are of an earlier pass
	}
	if c.keyless {
		r = withoutMarks(r)
	}
	return r
}

// ourMark is how every mark of the operator's begins, whatever its installation.
const ourMark = "plesk-operator:"

// withoutMarks takes the marks out of what would be written: without the operator's key its installation is not known, and what it has marked looks marked by
// another one.
func withoutMarks(r Result) Result {
	r.Changes = slices.DeleteFunc(slices.Clone(r.Changes), func(c v1alpha1.Change) bool {
		return strings.HasPrefix(c.To, ourMark) && (c.From == "" || strings.HasPrefix(c.From, ourMark))
	})
	if r.Action == Update && len(r.Changes) == 0 {
		r.Action, r.Reason, r.Message = None, v1alpha1.ReasonAvailable, ""
	}
	return r
}

// seenOnly are the reasons of what only observes and has looked.
var seenOnly = map[string]bool{v1alpha1.ReasonDriftDetected: true, v1alpha1.ReasonNotFound: true, v1alpha1.ReasonDependencyNotReady: true}

func planned(p engine.Preview) Action {
	switch {
	case p.Adopts:
		return Adopt
	case p.Exists:
		return Update
	}
	return Create
}
