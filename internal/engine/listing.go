// Listings: one list per kind and server serves the comparison of all its objects at a restart and at a resync. From a list comes one thing
// only, that an object is as it should be. Whatever else it seems to say is asked anew, about that object.

package engine

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/utils/clock"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/session"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// listingAge is for how long after it was begun a list is compared with, at most: half a resync period is the other bound.
const listingAge = time.Minute

// unreadAge is for how long objects are looked at one by one after a list could not be read, before another one is tried.
const unreadAge = 10 * time.Second

// errListed holds back what a pass over a list would write: there is nothing of the kind.
var errListed = errors.New("nothing is written by what was seen in a list")

// listing is a list of a kind's objects on one server, as far as resources have recorded them.
type listing[W any] struct {
	begun, until time.Time     // for how long it is compared with
	done         chan struct{} // closed when the rest is there
	plesk        string        // GUID of the Plesk that has answered
	found        map[Identity]*Found[W]
}

// listings are those of one kind, by the UID of the PleskServer.
type listings[W any] struct {
	clock clock.PassiveClock
	mu    sync.Mutex
	of    map[types.UID]*listing[W]
	// read are the ids of what was read by itself since the list was begun, which knows less of it.
	read map[types.UID]map[string]bool
}

func newListings[W any](c clock.PassiveClock) *listings[W] {
	return &listings[W]{clock: c, of: map[types.UID]*listing[W]{}, read: map[types.UID]map[string]bool{}}
}

// current is the list to compare with. The caller who gets a new one is to make it.
func (l *listings[W]) current(server types.UID, age time.Duration) (_ *listing[W], isNew bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	if have := l.of[server]; have != nil && !now.Before(have.begun) && now.Before(have.until) {
		return have, false
	}
	made := &listing[W]{begun: now, until: now.Add(age), done: make(chan struct{})}
	l.of[server], l.read[server] = made, map[string]bool{}
	time.AfterFunc(listingAge, func() { l.dropOne(server, made) }) // it is large
	return made, true
}

// unread notes that a list could not be made. Another one is tried soon.
func (l *listings[W]) unread(one *listing[W]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if soon := l.clock.Now().Add(unreadAge); soon.Before(one.until) {
		one.until = soon
	}
}

// drop has the next comparison begin with a new list.
func (l *listings[W]) drop(server types.UID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.of, server)
	delete(l.read, server)
}

func (l *listings[W]) dropOne(server types.UID, one *listing[W]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.of[server] == one {
		delete(l.of, server)
		delete(l.read, server)
	}
}

// noteRead notes that an object is being read, or written, by itself.
func (l *listings[W]) noteRead(server types.UID, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ids := l.read[server]; ids != nil && id != "" {
		ids[id] = true
	}
}

func (l *listings[W]) wasRead(server types.UID, id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.read[server][id]
}

// comparable reports whether a list may answer for the object: nobody waits for the pass, and all that could be said of the object was
// said by an earlier one.
func (p *pass[O, W]) comparable() bool {
	_, lists := p.kind.(Lister[W])
	return lists && p.urgency == forResync && listable(p.o)
}

// listable reports whether a list may answer for an object that is looked at in its time.
func listable(o v1alpha1.Object) bool {
	s, c := o.State(), o.Common()
	if x, ok := o.(v1alpha1.Suspendable); ok && x.Suspended().Suspension != nil && x.Suspended().Suspension.Pending != nil {
		return false
	}
	return !deleting(o) && !c.Suspend && c.ResyncPeriod == nil && c.ManagementPolicy != v1alpha1.ManagementPolicyObserveOnly &&
		s.ID != "" && s.Pending == nil && s.RenamedTo == "" && s.MovingTo == nil && s.Awaiting == nil && len(s.Contested) == 0 &&
		controllerutil.ContainsFinalizer(o, v1alpha1.Finalizer) && o.GetAnnotations()[v1alpha1.AnnotationRotate] == s.Rotated
}

// asListed compares the object with what a list shows, and reports whether it is as it should be, so that nothing is to be done or said.
func (p *pass[O, W]) asListed(ctx context.Context) bool {
	p.listed = true
	v := p.run(ctx)
	if v.state != stateReady || v.silent {
		return false
	}
	p.fitVerdict(&v)
	p.judge(v)
	return !statusChanged(p.before, p.o)
}

// findListed looks the object up in the list. What is not there, or seems to be another one, is looked for by itself.
func (p *pass[O, W]) findListed(ctx context.Context) *verdict {
	s, server := p.o.State(), p.server.UID
	l, isNew := p.listings.current(server, min(listingAge, resyncOf(p.server)/2))
	if isNew {
		p.fill(ctx, l)
	}
	select {
	case <-l.done:
	case <-ctx.Done():
		return p.fail(ctx.Err())
	}
	found := l.found[Identity{ID: s.ID, GUID: s.GUID}]
	if found == nil || l.plesk != s.ServerGUID || l.plesk != p.server.Status.GUID || p.wasRead(found) || !found.Key.same(p.key) ||
		!(p.self.implicit && found.Identity == p.parent().Identity || !p.self.implicit && p.proven(found)) {
		return unsure()
	}
	copied := *found
	p.found = &copied
	p.noteKey(found.Key)
	return nil
}

func (p *pass[O, W]) wasRead(found *Found[W]) bool { return p.listings.wasRead(p.server.UID, found.ID) }

// unsure ends a pass over a list that cannot answer for the object.
func unsure() *verdict { return stop(verdict{silent: true}) }

// fill makes the list.
func (p *pass[O, W]) fill(ctx context.Context, l *listing[W]) {
	defer close(l.done)
	if err := p.list(ctx, l); err != nil {
		p.listings.unread(l)
		// Its text may quote what any object of the kind has for a secret: only the class is told.
		p.logger.Info("Objects are compared one by one, since their list could not be read", "kind", p.kindName, "server", p.serverName.String(),
			"class", xmlapi.ClassOf(err))
	}
}

// list reads the kind's objects into the list. It holds what resources have recorded; what else there is on the server is counted.
func (p *pass[O, W]) list(ctx context.Context, l *listing[W]) error {
	known, _, err := p.known(ctx)
	if err != nil {
		return err
	}
	w := WitnessOf(p.session, p.server, session.Background)
	w.BeforeWrite(func() error { return errListed })
	found, err := p.kind.(Lister[W]).List(ctx, w.Lists(), known)
	if err != nil {
		return err
	}
	now, making, err := p.known(ctx) // what was made while the list was is declared, too
	if err != nil {
		return err
	}
	l.plesk, l.found = w.GUID(), make(map[Identity]*Found[W], len(known.IDs))
	if l.plesk == "" {
		return nil // the kind is listed by what resources have recorded, and nothing was to be asked
	}
	undeclared := 0
	for _, f := range found {
		if _, ours := slices.BinarySearch(known.IDs, f.ID); ours {
			f.Value = p.normal(f.Value)
			l.found[f.Identity] = f
		} else if _, ours := slices.BinarySearch(now.IDs, f.ID); !ours && !making[f.Key.index()] {
			undeclared++
		}
	}
	if p.self.counts {
		p.undeclared.set(p.server, p.kindName, undeclared)
	}
	return nil
}

// known is what resources have recorded of the kind on the server of the pass, and making are the keys of what they have begun to create.
func (p *pass[O, W]) known(ctx context.Context) (k Known, making map[string]bool, _ error) {
	objects, err := p.objectsOn(ctx, p.self, p.server)
	if err != nil {
		return Known{}, nil, err
	}
	making = map[string]bool{}
	for _, o := range objects {
		s := o.State()
		if s.Pending != nil {
			making[begunKey(s.Pending).index()] = true
		}
		id := described(s)
		if id.ID == "" {
			continue
		}
		k.IDs = append(k.IDs, id.ID)
		if id.GUID == "" {
			k.WithoutGUID = append(k.WithoutGUID, id.ID)
		}
		if s.Parent != nil && s.Parent.ID != "" {
			k.Parents = append(k.Parents, s.Parent.ID)
		}
	}
	k.IDs, k.WithoutGUID, k.Parents = sortedUnique(k.IDs), sortedUnique(k.WithoutGUID), sortedUnique(k.Parents)
	return k, making, nil
}

// externals are what comparisons with lists have looked up by keys of the server's, for as long as a list lasts.
type externals struct {
	clock clock.PassiveClock
	mu    sync.Mutex
	of    map[external]*lookup
}

type external struct {
	server           types.UID
	kind, field, key string
}

type lookup struct {
	begun time.Time
	done  chan struct{}
	is    *Resolved
	err   error
}

func newExternals(c clock.PassiveClock) *externals {
	return &externals{clock: c, of: map[external]*lookup{}}
}

// find looks something up, once for all who ask at that time.
func (x *externals) find(ctx context.Context, what external, find func() (*Resolved, error)) (*Resolved, error) {
	x.mu.Lock()
	now := x.clock.Now()
	l := x.of[what]
	isNew := l == nil || now.Before(l.begun) || now.Sub(l.begun) >= listingAge
	if isNew {
		l = &lookup{begun: now, done: make(chan struct{})}
		x.of[what] = l
		time.AfterFunc(listingAge, func() { x.drop(what, l) })
	}
	x.mu.Unlock()
	if isNew {
		defer close(l.done)
		l.is, l.err = find()
		return l.is, l.err
	}
	select {
	case <-l.done:
		return l.is, l.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (x *externals) drop(what external, one *lookup) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.of[what] == one {
		delete(x.of, what)
	}
}

// findExternal looks up what a reference names by its key on the server: afresh, but where nothing will be written.
func (p *pass[O, W]) findExternal(ctx context.Context, ref reference, key string) (*Resolved, error) {
	find := func() (*Resolved, error) { return ref.find(ctx, p.doer, key) }
	if !p.listed {
		return find()
	}
	return p.externals.find(ctx, external{p.server.UID, p.kindName, ref.field, key}, find)
}
