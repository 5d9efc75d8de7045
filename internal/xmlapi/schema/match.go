// Matching children against an automaton, one child at a time. Like libxml2 it tries the moves of
// a state in order and, where counters leave an alternative open, goes back to it on failure; with
// these grammars an alternative dies at once, so the cost stays linear in the children.
package schema

// maxExpected is how many names a message lists at most.
const maxExpected = 10

// alternative is a state to go back to: the position in the input and the next move to try.
// The counters at that time are kept in matcherState.saved.
type alternative struct {
	state int32
	next  int32
	index int32
}

// run is the progress of one element's children through its content model.
type run struct {
	model  *automaton
	state  int32
	failed bool

	// Only for models with counters.
	index        int32    // of the next child to consume
	input        []nameID // the children so far
	counts       []int32
	alternatives []alternative
	saved        []int32 // len(counts) values per alternative
	errState     int32
	errCounts    []int32
}

func (r *run) start(model *automaton) {
	r.model, r.state, r.failed, r.index, r.errState = model, 0, false, 0, 0
	r.input, r.alternatives, r.saved = r.input[:0], r.alternatives[:0], r.saved[:0]
	r.counts = append(r.counts[:0], make([]int32, len(model.counters))...)
	r.errCounts = append(r.errCounts[:0], r.counts...)
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
		return r.advance(false)
	}
	for _, m := range r.model.states[r.state].moves {
		if a := &r.model.atoms[m.atom]; a.accepts(id) {
			r.state = m.to
			return a
		}
	}
	r.failed = true
	return nil
}

// end says whether the children may end here.
func (r *run) end() bool {
	if r.model.states[r.state].final {
		return true
	}
	if len(r.model.counters) == 0 {
		return false
	}
	r.advance(true)
	return !r.failed
}

// advance consumes the pending input; with atEnd it goes on to a final state. It returns the atom
// of the last child consumed.
func (r *run) advance(atEnd bool) *atom {
	var matched *atom
	next, progress := int32(0), true
	for !r.failed {
		s := &r.model.states[r.state]
		pending := int(r.index) < len(r.input)
		if !pending && (!atEnd || s.final) {
			break
		}
		taken := false
		for ; int(next) < len(s.moves); next++ {
			m := &s.moves[next]
			if !r.possible(s, m, pending) {
				continue
			}
			if m.retry {
				r.save(next + 1)
			}
			if m.counter != none {
				r.counts[m.counter]++
			}
			if m.count != none && m.count != allCounters {
				r.counts[m.count] = 0
			}
			if m.atom != none {
				matched = &r.model.atoms[m.atom]
				r.index++
			}
			r.state, next, taken = m.to, 0, true
			break
		}
		if taken {
			progress = true
			continue
		}
		if progress {
			progress = false
			r.errState = r.state
			copy(r.errCounts, r.counts)
		}
		next = r.goBack()
	}
	if r.failed {
		return nil
	}
	return matched
}

func (r *run) possible(s *state, m *move, pending bool) bool {
	switch {
	case m.atom != none:
		return pending && r.model.atoms[m.atom].accepts(r.input[r.index]) &&
			(m.counter == none || r.counts[m.counter] < r.model.counters[m.counter].max)
	case m.count == allCounters:
		for i := range s.moves {
			if c := s.moves[i].counter; c != none && !r.inRange(c) {
				return false
			}
		}
		return true
	default:
		return r.inRange(m.count)
	}
}

func (r *run) inRange(c int32) bool {
	return r.counts[c] >= r.model.counters[c].min && r.counts[c] <= r.model.counters[c].max
}

func (r *run) save(next int32) {
	r.alternatives = append(r.alternatives, alternative{state: r.state, next: next, index: r.index})
	r.saved = append(r.saved, r.counts...)
}

// goBack returns to the last alternative and gives its next move, or fails.
func (r *run) goBack() int32 {
	last := len(r.alternatives) - 1
	if last < 0 {
		r.failed = true
		return 0
	}
	a := r.alternatives[last]
	r.alternatives = r.alternatives[:last]
	copy(r.counts, r.saved[len(r.saved)-len(r.counts):])
	r.saved = r.saved[:len(r.saved)-len(r.counts)]
	r.state, r.index = a.state, a.index
	return a.next
}

// expected lists what could come next: after a failed push in the state where it failed, else in
// the current one.
func (r *run) expected() []string {
	if len(r.model.counters) == 0 {
		return r.names(r.model.expected[r.state])
	}
	st, counts := r.state, r.counts
	if r.failed {
		st, counts = r.errState, r.errCounts
	}
	var atoms []int32
	for _, m := range r.model.states[st].moves {
		if m.atom != none && (m.counter == none || counts[m.counter] < r.model.counters[m.counter].max) {
			atoms = append(atoms, m.atom)
		}
	}
	return r.names(atoms)
}

func (r *run) names(atoms []int32) []string {
	if len(atoms) > maxExpected {
		atoms = atoms[:maxExpected]
	}
	out := make([]string, len(atoms))
	for i, a := range atoms {
		out[i] = r.model.atoms[a].name
	}
	return out
}
