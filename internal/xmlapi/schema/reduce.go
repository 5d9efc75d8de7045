// Removing the empty moves of an automaton, in libxml2's order, which decides the order of what is left.
package schema

import "slices"

func (m move) isEmpty() bool { return m.atom == none && m.count == none }

// dropRelays removes states that only lead on: a move to one becomes a move to the next. A move that is
// changed by that comes after the others of its state.
func (b *builder) dropRelays() {
	for i := 1; i < len(b.states); i++ {
		s := &b.states[i]
		if len(s.moves) != 1 || !s.moves[0].isEmpty() || s.moves[0].counter != none || s.moves[0].to == int32(i) {
			continue
		}
		to := s.moves[0].to
		for _, from := range s.from {
			for j := 0; j < len(b.states[from].moves); j++ {
				m := b.states[from].moves[j]
				if m.to != int32(i) {
					continue
				}
				b.states[from].moves = slices.Delete(b.states[from].moves, j, j+1)
				j--
				m.to = to
				b.add(from, m)
			}
		}
		if s.final {
			b.states[to].final = true
		}
		s.moves = nil
	}
}

// closeEmptyMoves replaces the empty moves of every state, the last first, by the moves that could be
// reached through them.
func (b *builder) closeEmptyMoves() {
	for i := len(b.states) - 1; i >= 0; i-- {
		for j := 0; j < len(b.states[i].moves); j++ {
			m := b.states[i].moves[j]
			if !m.isEmpty() {
				continue
			}
			b.states[i].moves = slices.Delete(b.states[i].moves, j, j+1)
			j--
			if m.to != int32(i) {
				b.states[i].mark = true
				b.reach(int32(i), m.to, m.counter)
				b.states[i].mark = false
			}
		}
	}
}

func (b *builder) reach(from, to, counter int32) {
	if b.states[to].mark {
		return
	}
	b.states[to].mark = true
	if b.states[to].final {
		b.states[from].final = true
	}
	for j := 0; j < len(b.states[to].moves); j++ {
		m := b.states[to].moves[j]
		inherited := counter
		if m.counter != none {
			inherited = m.counter
		}
		switch {
		case m.atom != none:
			b.add(from, move{atom: m.atom, to: m.to, counter: inherited, count: none})
		case m.to == from:
		case m.count != none:
			b.add(from, move{atom: none, to: m.to, counter: none, count: m.count})
		default:
			b.reach(from, m.to, inherited)
		}
	}
	b.states[to].mark = false
}

// dropDuplicates removes a move when a later one does the same.
func (b *builder) dropDuplicates() {
	for i := range b.states {
		s := &b.states[i]
		kept := s.moves[:0]
		for j, m := range s.moves {
			if m.atom == none || !slices.ContainsFunc(s.moves[j+1:], func(n move) bool {
				return n.atom != none && n.to == m.to && n.counter == m.counter && b.atoms[n.atom].id == b.atoms[m.atom].id
			}) {
				kept = append(kept, m)
			}
		}
		s.moves = kept
	}
}

// finish prepares the messages of a model without counters: what each state accepts, in document
// order.
func (b *builder) finish() {
	for i := range b.states {
		b.states[i].from = nil
		if len(b.counters) == 0 {
			b.expected = append(b.expected, b.acceptable(&b.states[i]))
		}
	}
}

// acceptable lists the atoms that the state accepts, ordered by the first atom of each name.
func (b *builder) acceptable(s *state) []int32 {
	var out []int32
	for i, a := range b.atoms {
		if slices.ContainsFunc(b.atoms[:i], func(f atom) bool { return f.id == a.id }) {
			continue
		}
		if slices.ContainsFunc(s.moves, func(m move) bool { return b.atoms[m.atom].id == a.id }) {
			out = append(out, int32(i))
		}
	}
	return out
}
