// Content models as automata. The construction follows libxml2's step by step (states, order of
// transitions): the order decides which elements a message expects.
package schema

import "slices"

// nameID identifies an element name of the grammar.
type nameID int32

const (
	nameUnknown   nameID = -1 // a name that no declaration has, in no namespace
	nameForeign   nameID = -2 // a name in some namespace
	nameNone      nameID = -5 // no child: the end of the content
	atomAnyLocal  nameID = -3 // wildcard: any name without a namespace
	atomAnyForein nameID = -4 // wildcard: any name in a namespace
)

const (
	none        = -1
	allCounters = 1 << 20 // as a transition's count: every counter of the state is in range
	countMax    = 1 << 30 // the maximum of an unbounded counter
)

// atom is one element or wildcard of the model, in document order.
type atom struct {
	id   nameID
	name string   // as messages print it
	decl *Element // nil for a wildcard
}

// move is a transition. With an atom it consumes a child; without one it is taken when the counter
// count (or all of them) is in range.
type move struct {
	atom    int32 // index into atoms, or none
	to      int32
	counter int32 // incremented when the move is taken, or none
	count   int32 // checked and reset when the move is taken, or none; allCounters
}

type state struct {
	final bool
	moves []move
	from  []int32 // states with a move to this one, used during construction
	mark  bool
}

type counter struct{ min, max int32 }

type automaton struct {
	states   []state
	atoms    []atom
	counters []counter
	expected [][]int32 // without counters: per state the atoms it accepts, each name once
}

type builder struct {
	*automaton
	names map[string]nameID
	at    int32
}

func newAutomaton(p *Particle, names map[string]nameID) *automaton {
	b := &builder{automaton: &automaton{}, names: names}
	b.at = b.newState()
	b.particle(p)
	b.states[b.at].final = true
	b.dropRelays()
	b.closeEmptyMoves()
	b.dropDuplicates()
	b.finish()
	return b.automaton
}

func (b *builder) newState() int32 {
	b.states = append(b.states, state{})
	return int32(len(b.states) - 1)
}

func (b *builder) newCounter(low, high int) int32 {
	c := counter{int32(low), int32(high)}
	if high < 0 {
		c.max = countMax
	}
	b.counters = append(b.counters, c)
	return int32(len(b.counters) - 1)
}

// add adds a move unless the state has the very same one.
func (b *builder) add(from int32, m move) {
	if !slices.Contains(b.states[from].moves, m) {
		b.states[from].moves = append(b.states[from].moves, m)
		b.states[m.to].from = append(b.states[m.to].from, from)
	}
}

func (b *builder) empty(from, to int32) {
	b.add(from, move{atom: none, to: to, counter: none, count: none})
}

func (b *builder) emptyNew(from int32) int32 {
	to := b.newState()
	b.empty(from, to)
	return to
}

// loopBack adds an empty move that increments the counter.
func (b *builder) loopBack(from, to, counter int32) {
	b.add(from, move{atom: none, to: to, counter: counter, count: none})
}

// leave adds an empty move that needs the counter in range.
func (b *builder) leave(from, to, counter int32) {
	b.add(from, move{atom: none, to: to, counter: none, count: counter})
}

func (b *builder) newAtom(e *Element) int32 {
	b.atoms = append(b.atoms, atom{id: b.names[e.Name], name: e.Name, decl: e})
	return int32(len(b.atoms) - 1)
}

// take adds a move that consumes the atom.
func (b *builder) take(from, to, atom int32) int32 {
	b.add(from, move{atom: atom, to: to, counter: none, count: none})
	return to
}

// particle appends the automaton of p at b.at and reports whether p may be empty.
func (b *builder) particle(p *Particle) bool {
	switch p.Kind {
	case KindElement:
		return b.element(p)
	case KindSequence:
		return b.sequence(p)
	case KindChoice:
		return b.choice(p)
	case KindAll:
		return b.all(p)
	default:
		return b.wildcard(p)
	}
}

func (b *builder) element(p *Particle) bool {
	start := b.at
	switch {
	case p.Max == 1:
		to := b.newState()
		b.at = b.take(start, to, b.newAtom(p.Element))
	case p.Max == Unbounded && p.Min < 2:
		to := b.newState()
		b.at = b.take(start, to, b.newAtom(p.Element))
		b.take(b.at, b.at, b.newAtom(p.Element))
	default:
		start = b.emptyNew(b.at)
		count := b.newCounter(max(p.Min-1, 0), less(p.Max))
		to := b.newState()
		b.take(start, to, b.newAtom(p.Element))
		b.loopBack(to, start, count)
		b.at = b.newState()
		b.leave(to, b.at, count)
	}
	if p.Min == 0 {
		b.empty(start, b.at)
	}
	return p.Min == 0
}

func (b *builder) sequence(p *Particle) bool {
	if p.Min == 1 && p.Max == 1 {
		return b.children(p)
	}
	start := b.at
	var canBeEmpty bool
	switch {
	case p.Max == Unbounded && p.Min < 2:
		start = b.emptyNew(start)
		b.at = start
		canBeEmpty = b.children(p)
		b.empty(b.at, start)
		b.at = b.emptyNew(b.at)
	case p.Max == 1:
		canBeEmpty = b.children(p)
		b.at = b.emptyNew(b.at)
	default:
		start = b.emptyNew(start)
		b.at = start
		count := b.newCounter(p.Min-1, less(p.Max))
		canBeEmpty = b.children(p)
		last := b.at
		b.loopBack(last, start, count)
		b.at = b.newState()
		b.leave(last, b.at, count)
		if canBeEmpty {
			b.empty(start, b.at)
		}
	}
	if p.Min == 0 {
		b.empty(start, b.at)
	}
	return canBeEmpty || p.Min == 0
}

func (b *builder) children(p *Particle) bool {
	canBeEmpty := true
	for _, c := range p.Children {
		if !b.particle(c) {
			canBeEmpty = false
		}
	}
	return canBeEmpty
}

func (b *builder) choice(p *Particle) bool {
	start, end := b.at, b.newState()
	canBeEmpty := false
	alternatives := func(from, to int32) {
		for _, c := range p.Children {
			b.at = from
			if b.particle(c) {
				canBeEmpty = true
			}
			b.empty(b.at, to)
		}
	}
	if p.Max == 1 {
		alternatives(start, end)
	} else {
		count := b.newCounter(max(p.Min-1, 0), less(p.Max))
		hop, base := b.newState(), b.newState()
		alternatives(base, hop)
		b.empty(start, base)
		b.loopBack(hop, base, count)
		b.leave(hop, end, count)
		if canBeEmpty {
			b.empty(base, end)
		}
	}
	if p.Min == 0 {
		b.empty(start, end)
	}
	b.at = end
	return canBeEmpty || p.Min == 0
}

func (b *builder) all(p *Particle) bool {
	start := b.at
	base := b.emptyNew(start)
	for _, c := range p.Children {
		count := b.newCounter(c.Min, c.Max)
		b.add(base, move{atom: b.newAtom(c.Element), to: base, counter: count, count: none})
		if c.Min == 0 {
			b.empty(base, base)
		}
	}
	b.at = b.newState()
	b.add(base, move{atom: none, to: b.at, counter: none, count: allCounters})
	if p.Min == 0 {
		b.empty(start, b.at)
	}
	return p.Min == 0
}

func (b *builder) wildcard(p *Particle) bool {
	start, end := b.at, b.newState()
	target := end
	count := int32(none)
	if p.Max != 1 {
		count = b.newCounter(max(p.Min-1, 0), less(p.Max))
		target = b.newState()
	}
	for _, a := range []atom{{id: atomAnyForein, name: "{*}*"}, {id: atomAnyLocal, name: "*"}} {
		b.atoms = append(b.atoms, a)
		to := b.newState()
		b.empty(b.take(start, to, int32(len(b.atoms)-1)), target)
	}
	if p.Max != 1 {
		b.loopBack(target, start, count)
		b.leave(target, end, count)
	}
	if p.Min == 0 {
		b.empty(start, end)
	}
	b.at = end
	return p.Min == 0
}

// less is a maximum of repetitions after the first occurrence.
func less(occurs int) int {
	if occurs == Unbounded {
		return Unbounded
	}
	return occurs - 1
}
