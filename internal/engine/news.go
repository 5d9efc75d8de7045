// News: what a server's event log tells, turned into passes. What it names is looked at again; where it does not tell, lists do.

package engine

import (
	"context"
	"slices"

	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/eventlog"
)

// listFrom is how many objects of a kind have to be named by one poll of the log for a new list to be cheaper than a look at each.
const listFrom = 50

// News is what the event log of a server tells.
type News struct {
	Events []eventlog.Event // since the last time
	Lost   bool             // what has happened is not known
}

// Hear has the objects of a server looked at again that its event log names. Events that fit none of a kind's objects may be about any of them,
// as are those about what surrounds them, and a log with a gap is about everything: then the kind is compared with a new list.
func (e *Engine) Hear(ctx context.Context, srv *v1alpha1.PleskServer, news News) error {
	if err := e.redescribe(ctx, srv, news); err != nil {
		return err
	}
	for _, k := range e.kinds {
		all := news.Lost
		var own []eventlog.Event
		for _, ev := range news.Events {
			switch {
			case slices.Contains(k.classes, ev.Class):
				own = append(own, ev)
			case slices.Contains(k.around, ev.Class):
				all = true
			}
		}
		told, awaited := all || len(own) > 0, e.somethingCame(k, news.Events)
		if !told && !awaited {
			continue
		}
		objects, err := e.objectsOn(ctx, k, srv)
		if err != nil {
			return err
		}
		switch {
		case told && len(objects) == 0:
			e.undeclared.doubt(srv, k.name)
		case told:
			e.tell(k, srv, objects, own, all) //nolint:contextcheck // the workers outlive who asks
		}
		for _, o := range objects {
			if awaited && k.waitsOutside(o) {
				e.queues.add(request{client.ObjectKeyFromObject(srv), k.job(o), forRepair}) //nolint:contextcheck // the workers outlive who asks
			}
		}
	}
	return nil
}

// somethingCame reports whether something was made on the server that objects of a kind can refer to by its name there.
func (e *Engine) somethingCame(k *kindInfo, events []eventlog.Event) bool {
	return slices.ContainsFunc(k.refs, func(r reference) bool {
		return slices.ContainsFunc(r.kinds, func(kind string) bool {
			target := e.info(kind)
			return target != nil && slices.ContainsFunc(events, func(ev eventlog.Event) bool { return ev.Type == "created" && slices.Contains(target.classes, ev.Class) })
		})
	})
}

// waitsOutside reports whether an object waits, for what lives only on the server among other things: no resource tells when that comes.
func (k *kindInfo) waitsOutside(o v1alpha1.Object) bool {
	ready := meta.FindStatusCondition(o.State().Conditions, v1alpha1.ConditionReady)
	return ready != nil && ready.Reason == v1alpha1.ReasonDependencyNotReady && slices.ContainsFunc(k.refs, func(r reference) bool {
		return slices.ContainsFunc(r.get(o), func(m Mention) bool { return m.External != "" })
	})
}

// Relist has the kinds compared with new lists whose changes the event log does not tell, and what no resource describes counted where no list has
// told it for a resync period.
func (e *Engine) Relist(ctx context.Context, srv *v1alpha1.PleskServer) error {
	for _, k := range e.kinds {
		objects, err := e.objectsOn(ctx, k, srv)
		if err != nil {
			return err
		}
		if len(k.classes) == 0 && len(objects) > 0 {
			e.tell(k, srv, objects, nil, true) //nolint:contextcheck // the workers outlive who asks
		}
		if k.counts && e.undeclared.due(srv, k.name, len(objects) > 0) {
			server := client.ObjectKeyFromObject(srv)
			e.queues.add(request{server, job{kind: k.name, NamespacedName: server, counts: true}, forResync}) //nolint:contextcheck // the workers outlive who asks
		}
	}
	return nil
}

// tell has objects of a kind looked at again: those that events name, or all of them.
func (e *Engine) tell(k *kindInfo, srv *v1alpha1.PleskServer, objects []v1alpha1.Object, events []eventlog.Event, all bool) {
	server := client.ObjectKeyFromObject(srv)
	named := map[string]bool{}
	for _, ev := range events {
		named[ev.ObjectID] = false
	}
	changed := map[v1alpha1.Object]bool{}
	for _, o := range objects {
		if namedBy(named, o) {
			changed[o] = true
		}
	}
	unknown := all
	for _, known := range named {
		unknown = unknown || !known
	}
	if unknown || len(changed) >= listFrom {
		k.relist(srv.UID)
		for _, o := range objects {
			if all || changed[o] || mayMean(o, events) {
				e.queues.add(request{server, k.job(o), urgencyOf(o)})
			}
		}
		return
	}
	for o := range changed {
		e.queues.add(request{server, k.job(o), forRepair})
	}
}

// mayMean reports whether events that fit no object may be about one all the same: it is as it should be, which a list tells for all of them, or it
// is not on the server as far as is known, and something has come or gone there. What is read by itself is left to its own time otherwise: others may
// be at work on a server for long, and each of their changes would have it read again.
func mayMean(o v1alpha1.Object, events []eventlog.Event) bool {
	if described(o.State()).ID != "" {
		return urgencyOf(o) == forResync
	}
	return slices.ContainsFunc(events, func(ev eventlog.Event) bool { return ev.Type != "updated" })
}

// namedBy reports whether events name an object: by its id or GUID, by its name, or by the id of what it lies in. It notes which of the names
// are known.
func namedBy(named map[string]bool, o v1alpha1.Object) bool {
	s := o.State()
	of := []string{described(s).ID, described(s).GUID, s.Key}
	if s.Parent != nil {
		of = append(of, s.Parent.ID)
	}
	found := false
	for _, name := range of {
		if _, is := named[name]; is && name != "" {
			named[name], found = true, true
		}
	}
	return found
}
