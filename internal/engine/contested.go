// Contested fields: what the server, or somebody there, keeps changing back is written a bounded number of times and then left.

package engine

import (
	"slices"
	"time"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

const (
	// maxRestores is how often a field is written back before it is left alone.
	maxRestores = 5
	// contestWindow is how long after a restore another one counts as a further round of the same contest.
	contestWindow = 24 * time.Hour
)

// about reports whether a contested entry is about a change. It holds of it what people are shown.
func (p *pass[O, W]) about(e v1alpha1.ContestedChange, c Change) bool {
	return Change{Field: e.Field, From: e.From, To: e.To}.sameEffect(p.fitChange(c))
}

// current reports whether an entry belongs to the present spec and request: either change gives a field another chance.
func (p *pass[O, W]) current(e v1alpha1.ContestedChange) bool {
	return e.Generation == p.o.GetGeneration() && e.Request == p.o.GetAnnotations()[v1alpha1.AnnotationReconcile]
}

// pruneContested drops the entries of an earlier spec or request, and of fields that have been left in peace for long.
func (p *pass[O, W]) pruneContested(differing []Change) {
	p.dropEarlierContests()
	s := p.o.State()
	s.Contested = slices.DeleteFunc(s.Contested, func(e v1alpha1.ContestedChange) bool {
		return p.past(e) && !slices.ContainsFunc(differing, func(c Change) bool { return p.about(e, c) })
	})
}

// dropEarlierContests drops the entries of an earlier spec or request.
func (p *pass[O, W]) dropEarlierContests() {
	s := p.o.State()
	s.Contested = slices.DeleteFunc(s.Contested, func(e v1alpha1.ContestedChange) bool { return !p.current(e) })
}

// past reports whether an entry's last restore is too long ago to count on.
func (p *pass[O, W]) past(e v1alpha1.ContestedChange) bool {
	return p.clock.Now().Sub(e.LastTime.Time) > contestWindow
}

// held reports whether a change is not to be written any more.
func (p *pass[O, W]) held(c Change) bool {
	return slices.ContainsFunc(p.o.State().Contested, func(e v1alpha1.ContestedChange) bool {
		return e.Restored >= maxRestores && p.about(e, c)
	})
}

// countRestored notes changes that are about to be written again, before they are.
func (p *pass[O, W]) countRestored(changes []Change) {
	for _, c := range changes {
		if c.WriteOnly {
			continue
		}
		e := p.contested(c)
		if p.past(*e) {
			e.Restored = 0
		}
		e.From, e.LastTime = p.fit(c.From), p.now()
		e.Restored++
		p.unsaved = true
	}
}

// noteStuck notes changes that the server did not keep when they were written. Somebody may have changed them back at just
// that moment, so they are tried again, as often as others.
func (p *pass[O, W]) noteStuck(changes []Change) {
	for _, c := range changes {
		e := p.contested(c)
		e.From, e.LastTime = p.fit(c.From), p.now()
		e.Restored = max(e.Restored, 1)
	}
}

// contested is the entry for a change, made if there is none.
func (p *pass[O, W]) contested(c Change) *v1alpha1.ContestedChange {
	s := p.o.State()
	i := slices.IndexFunc(s.Contested, func(e v1alpha1.ContestedChange) bool { return p.about(e, c) })
	if i < 0 {
		i = len(s.Contested)
		c = p.fitChange(c)
		s.Contested = append(s.Contested, v1alpha1.ContestedChange{
			Change:     v1alpha1.Change{Field: c.Field, From: c.From, To: c.To},
			Generation: p.o.GetGeneration(), Request: p.o.GetAnnotations()[v1alpha1.AnnotationReconcile], LastTime: p.now(),
		})
	}
	return &s.Contested[i]
}
