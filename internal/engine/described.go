// What the server describes: names and values of open sets are held to the server's descriptors before anything is written.

package engine

import (
	"context"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/hosting"
)

// refusingAge is how old a descriptor may be that values are refused by: what the user has just enabled on the server is not refused for what was
// known before. That many objects are refused costs a question every ten seconds at most.
const refusingAge = 10 * time.Second

// describing are the classes of events after which the descriptors of a server may be others (protocol-core §7.3). Those of plans change only the
// descriptors of single plans and subscriptions, which nobody asks for.
var describing = []string{"license", "plesk_component", "update"}

// askServer asks the server about values that are about to be written, before anything is recorded or written, and ends the pass where they are not for
// a tenant or not known there.
func (p *pass[O, W]) askServer(ctx context.Context, values W) *verdict {
	if v := p.askReach(ctx, values); v != nil {
		return v
	}
	return p.askDescriptors(ctx, values)
}

// askDescriptors ends the pass where values have a name or a value that the server's descriptors leave out. What cannot be known is not refused.
func (p *pass[O, W]) askDescriptors(ctx context.Context, values W) *verdict {
	k, ok := p.kind.(Validator[W])
	if !ok {
		return nil
	}
	described := k.Described(values)
	if len(described) == 0 {
		return nil
	}
	role, s := session.Role(p.role()).InDescriptors(), p.server.Status
	var problems []Described
	var why string
	for _, age := range []time.Duration{session.DescriptorAge, refusingAge} {
		known, err := p.session.Describe(ctx, session.Installation{GUID: s.GUID, Version: s.Version, Protocol: s.ProtocolVersion}, age, queriesOf(described)...)
		if err != nil {
			return p.fail(err)
		}
		if problems, why = problemsOf(role, described, known); len(problems) == 0 {
			return nil
		}
	}
	if len(problems) > 1 {
		fields := make([]string, len(problems)-1)
		for i, d := range problems[1:] {
			fields[i] = "spec." + d.Field
		}
		why += ListNames("; not possible either:", fields)
	}
	return p.fail(Invalid("spec."+problems[0].Field, why))
}

// problemsOf are those of described that descriptors speak against for a role, and why the first one is.
func problemsOf(role string, described []Described, known map[string]*hosting.Descriptor) (problems []Described, why string) {
	for _, d := range described {
		in := known[d.In.Name]
		if in == nil {
			continue
		}
		refusal := in.Refusal(role, d.Name, d.Value)
		if refusal == "" {
			continue
		}
		if problems = append(problems, d); why == "" {
			why = refusal
		}
	}
	return problems, why
}

// queriesOf are the descriptors that are needed, each once.
func queriesOf(described []Described) []hosting.DescriptorQuery {
	var queries []hosting.DescriptorQuery
	for _, d := range described {
		if !slices.ContainsFunc(queries, func(q hosting.DescriptorQuery) bool { return q.Name == d.In.Name }) {
			queries = append(queries, d.In)
		}
	}
	return queries
}

// redescribe forgets a server's descriptors after events that may have changed them, and has the objects looked at again whose spec is not possible
// as it was described before.
func (e *Engine) redescribe(ctx context.Context, srv *v1alpha1.PleskServer, news News) error {
	if !news.Lost && !slices.ContainsFunc(news.Events, func(ev eventlog.Event) bool { return slices.Contains(describing, ev.Class) }) {
		return nil
	}
	if s, err := e.servers.Session(ctx, srv); err == nil { // else the next one begins without any
		s.ForgetDescriptors()
	}
	server := client.ObjectKeyFromObject(srv)
	for _, k := range e.kinds {
		if !k.validates {
			continue
		}
		objects, err := e.objectsOn(ctx, k, srv)
		if err != nil {
			return err
		}
		for _, o := range objects {
			if ready := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady); ready != nil && ready.Reason == v1alpha1.ReasonInvalidSpec {
				e.queues.add(request{server, k.job(o), forRepair}) //nolint:contextcheck // the workers outlive who asks
			}
		}
	}
	return nil
}
