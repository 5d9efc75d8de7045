// Matching children against an automaton, one child at a time.
package schema

import "encoding/binary"

// maxExpected is how many names a message lists at most.
const maxExpected = 10

// run is the progress of one element's children through its content model. It takes the first way
// that consumes a child. Counters can make that the wrong one, and libxml2 then goes back to
// the moves it left out; its message comes from the last state where that ended. So a run that is
// stuck searches all ways through the children so far, in libxml2's order.
type run struct {
	model  *automaton
	at     place
	failed bool

	// Only for models with counters.
	input []nameID // the children so far
	dead  map[string]place
	stuck place // where the last way through the input ended
	moved bool  // since stuck was set
}

// place is a state of a run with the values of the counters.
type place struct {
	state  int32
	counts []int32
}

func (r *run) start(model *automaton) {
	r.model, r.failed, r.dead = model, false, nil
	r.input = r.input[:0]
	r.at.state = 0
	r.at.counts = append(r.at.counts[:0], make([]int32, len(model.counters))...)
}

func (a *atom) accepts(id nameID) bool {
	switch a.id {
	case atomAnyLocal:
		return id != nameForeign
	case atomAnyForein:
		return id == nameForeign
	}
	return a.id == id
}

// push consumes a child. It returns the atom that matched, or nil.
func (r *run) push(id nameID) *atom {
	if len(r.model.counters) > 0 {
		r.input = append(r.input, id)
	}
	if a := r.step(&r.at, id); a != nil {
		return a
	}
	return r.recover(false)
}

// step takes the first way from a place that consumes the child, if there is one.
func (r *run) step(at *place, id nameID) *atom {
	moves := r.model.states[at.state].moves
	for i := range moves {
		m := &moves[i]
		if !r.possible(*at, m, id) {
			continue
		}
		if m.atom != none {
			r.take(at, m)
			return &r.model.atoms[m.atom]
		}
		next := at.clone()
		r.take(&next, m)
		if a := r.step(&next, id); a != nil {
			*at = next
			return a
		}
	}
	return nil
}

// end reports whether the children may end here and, if not, what could come next.
func (r *run) end() (expected []string, ok bool) {
	if r.complete(r.at) {
		return nil, true
	}
	expected = r.expected()
	r.recover(true)
	return expected, !r.failed
}

// complete reports whether a final state can be reached without a child.
func (r *run) complete(at place) bool {
	if r.model.states[at.state].final {
		return true
	}
	moves := r.model.states[at.state].moves
	for i := range moves {
		if m := &moves[i]; r.possible(at, m, nameNone) {
			next := at.clone()
			r.take(&next, m)
			if r.complete(next) {
				return true
			}
		}
	}
	return false
}

func (r *run) possible(at place, m *move, id nameID) bool {
	switch {
	case m.atom != none:
		return id != nameNone && r.model.atoms[m.atom].accepts(id) &&
			(m.counter == none || at.counts[m.counter] < r.model.counters[m.counter].max)
	case m.count == allCounters:
		for _, other := range r.model.states[at.state].moves {
			if other.counter != none && !r.inRange(at, other.counter) {
				return false
			}
		}
		return true
	default:
		return r.inRange(at, m.count)
	}
}

func (r *run) inRange(at place, c int32) bool {
	return at.counts[c] >= r.model.counters[c].min && at.counts[c] <= r.model.counters[c].max
}

// take makes the move. A counter without a maximum stops at its minimum: what is above it makes no
// difference.
func (r *run) take(at *place, m *move) {
	if m.counter != none {
		c := r.model.counters[m.counter]
		if at.counts[m.counter]++; c.max == countMax {
			at.counts[m.counter] = min(at.counts[m.counter], c.min)
		}
	}
	if m.count != none && m.count != allCounters {
		at.counts[m.count] = 0
	}
	at.state = m.to
}

// recover looks for another way through the input and continues there; without one the run has
// failed. It returns the atom that the last child matches on the way found.
func (r *run) recover(atEnd bool) *atom {
	if len(r.model.counters) == 0 {
		r.failed = true
		return nil
	}
	if r.dead == nil {
		r.dead = map[string]place{}
	}
	r.moved = true
	last, ok := r.search(place{counts: make([]int32, len(r.model.counters))}, 0, nil, atEnd)
	r.failed = !ok
	return last
}

// search tries all ways through the input from index on. The places where none leads on are kept
// in dead with what was tried last there, so that each is searched only once.
func (r *run) search(at place, index int, last *atom, atEnd bool) (*atom, bool) {
	if index == len(r.input) && (!atEnd || r.model.states[at.state].final) {
		r.at = at
		return last, true
	}
	key := at.key(index)
	if stuck, ok := r.dead[key]; ok {
		r.stuck, r.moved = stuck, false
		return nil, false
	}
	id := nameNone
	if index < len(r.input) {
		id = r.input[index]
	}
	moves := r.model.states[at.state].moves
	for i := range moves {
		m := &moves[i]
		if !r.possible(at, m, id) {
			continue
		}
		next, nextIndex, matched := at.clone(), index, last
		r.take(&next, m)
		if m.atom != none {
			nextIndex, matched = index+1, &r.model.atoms[m.atom]
		}
		r.moved = true
		if a, ok := r.search(next, nextIndex, matched, atEnd); ok {
			return a, true
		}
	}
	if r.moved {
		r.stuck, r.moved = at, false
	}
	r.dead[key] = r.stuck
	return nil, false
}

func (p place) clone() place { return place{p.state, append([]int32(nil), p.counts...)} }

func (p place) key(index int) string {
	key := binary.AppendUvarint(nil, uint64(index))
	key = binary.AppendUvarint(key, uint64(p.state))
	for _, c := range p.counts {
		key = binary.AppendUvarint(key, uint64(c))
	}
	return string(key)
}

// expected lists what could come next: after a failed push in the place where it was stuck, else in
// the current one.
func (r *run) expected() []string {
	var atoms []int32
	if len(r.model.counters) == 0 {
		atoms = r.model.expected[r.at.state]
	} else {
		at := r.at
		if r.failed {
			at = r.stuck
		}
		for _, m := range r.model.states[at.state].moves {
			if m.atom != none && (m.counter == none || at.counts[m.counter] < r.model.counters[m.counter].max) {
				atoms = append(atoms, m.atom)
			}
		}
	}
	out := make([]string, 0, maxExpected)
	for _, a := range atoms[:min(len(atoms), maxExpected)] {
		out = append(out, r.model.atoms[a].name)
	}
	return out
}
