// Random packets of the whole grammar against a server with something on it, and what must be true of every answer.

package plesksim

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/schema/schematest"
)

var (
	packets = flag.Int("packets", 600, "random packets over all operations")
	seed    = flag.Uint64("seed", 0, "seed of the random packets; 0 takes a new one")
)

// packetsPerServer is how long a server is used: then there are many objects, or few after bulk deletions.
const packetsPerServer = 200

// Whatever the request grammar lets through is answered in kind and order and within the response grammar. Reading changes nothing,
// nor does a packet whose operations all fail; and after every packet the objects refer to what there is, once each.
func TestRandomPackets(t *testing.T) {
	if *seed == 0 {
		*seed = rand.Uint64()
	}
	t.Logf("replay with -seed %d -packets %d", *seed, *packets)
	rnd := rand.New(rand.NewPCG(*seed, *seed))
	declarations := operationDeclarations()
	names := slices.SortedFunc(maps.Keys(declarations), func(a, b opName) int { return strings.Compare(a.String(), b.String()) })
	outcomes := outcomes{}
	var s *Server
	for i := range *packets {
		if i%packetsPerServer == 0 {
			s = furnishedServer(t, rnd)
		}
		if i%len(names) == 0 {
			rnd.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
		}
		packet := randomPacket(rnd, s.state, names[i%len(names)], declarations)
		s.throw(t, rnd, packet, outcomes)
		if t.Failed() {
			return
		}
	}
	outcomes.log(t, names)
}

// operationDeclarations are the operations that the server has, in the grammar.
func operationDeclarations() map[opName]*schema.Element {
	all := allOperations()
	out := map[opName]*schema.Element{}
	for _, operator := range schema.Request().Operators() {
		out[opName{operator.Name, ""}] = operator
		for _, e := range operator.Type.Children() {
			if name := (opName{operator.Name, e.Name}); nests(all)[name] {
				for _, inner := range e.Type.Children() {
					out[opName{operator.Name, e.Name + "/" + inner.Name}] = inner
				}
			} else {
				out[name] = e
			}
		}
	}
	maps.DeleteFunc(out, func(name opName, _ *schema.Element) bool { _, known := all[name]; return !known })
	return out
}

// randomPacket makes a packet that holds an operation and sometimes others, mostly with values that mean something to the server.
func randomPacket(rnd *rand.Rand, st *state, name opName, declarations map[opName]*schema.Element) *schematest.Node {
	options := schematest.Options{Holding: declarations[name], Size: 1 + rnd.IntN(40)}
	packet := schematest.Packet(rnd, schema.Request(), options)
	packet.Attrs = nil
	if rnd.IntN(3) > 0 {
		packet.Children = slices.DeleteFunc(packet.Children, func(operator *schematest.Node) bool { return operator.Name != name.operator })
	}
	spareTheRest(rnd, packet, declarations[name])
	if removes(name.operation) && rnd.IntN(4) > 0 {
		return packet // what it names exists hardly ever
	}
	plausible := valuesOf(rnd, st)
	for _, p := range packet.Elements() {
		if p.Parent == nil || p.Node.Decl == nil || p.Node.Decl.Type.Simple == nil || rnd.IntN(5) == 0 {
			continue
		}
		before := p.Node.Children
		if value, ok := plausible.value(p); ok {
			p.Node.Children = []*schematest.Node{{Text: value}}
			if p.Node.Decl.Type.Simple.Enum != nil || schema.Request().Validate(packet.Bytes(rnd, false)) != nil {
				p.Node.Children = before
			}
		}
	}
	return packet
}

// spareTheRest takes operations that remove things out of a packet that is about another one, mostly, and their empty filters:
// else a server would always be empty.
func spareTheRest(rnd *rand.Rand, packet *schematest.Node, wanted *schema.Element) {
	for _, operator := range packet.Children {
		spared := slices.DeleteFunc(slices.Clone(operator.Children), func(n *schematest.Node) bool {
			return n.Decl != wanted && removes(n.Name) && rnd.IntN(10) > 0
		})
		if len(spared) > 0 {
			operator.Children = spared
		}
		for _, n := range operator.Children {
			if i := slices.IndexFunc(n.Children, func(c *schematest.Node) bool { return c.Name == "filter" && len(c.Children) == 0 }); i >= 0 && removes(n.Name) && rnd.IntN(10) > 0 {
				if id := n.Children[i].Decl.Type.Child("id"); id != nil {
					n.Children[i].Children = []*schematest.Node{{Name: "id", Decl: id, Children: []*schematest.Node{{Text: "7"}}}}
				}
			}
		}
	}
}

func removes(operation string) bool {
	return strings.HasPrefix(operation, "del") || strings.HasPrefix(operation, "remove") || strings.HasPrefix(operation, "uninstall")
}

// throw sends a packet as somebody and checks the answer and the server after it.
func (s *Server) throw(t *testing.T, rnd *rand.Rand, packet *schematest.Node, seen outcomes) {
	t.Helper()
	request := packet.Bytes(rnd, rnd.IntN(4) == 0)
	who := s.somebody(rnd)
	var answer []byte
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("panic: %v", r)
		}
		if t.Failed() {
			t.Fatalf("%s sent\n%s\nand was answered\n%s", who.login, request, answer)
		}
	}()
	before := s.photograph(t)
	answer = s.answer(who, request, rnd.IntN(2) == 0)
	checkState(t, s.state)

	got := tree(t, answer)
	if got[0].name == "system" {
		if !s.mayRefuse(packet) {
			t.Error("a valid packet was refused")
		}
		for _, name := range s.namesIn(packet) {
			seen.note(name, "<error>")
		}
		return
	}
	if got, want := s.shape(got), s.shape(asked(packet)); got != want {
		t.Errorf("answered %s to %s", got, want)
	}
	writes, succeeded := false, false
	for _, operator := range got {
		for _, o := range s.operationsIn(operator) {
			name := opName{operator.name, o.name}
			op, known := s.operations[name]
			text := o.text()
			seen.note(name, text)
			writes = writes || op.writes || !known
			succeeded = succeeded || isSuccess(text)
			if known && strings.Contains(text, "Internal error") {
				t.Errorf("%s failed otherwise than by a refusal", name)
			}
		}
	}
	if after := s.photograph(t); (!writes || !succeeded) && !bytes.Equal(before, after) {
		t.Errorf("nothing should have changed, but\n%s", firstDifference(before, after))
	}
}

// somebody is the administrator mostly, else one of the accounts.
func (s *Server) somebody(rnd *rand.Rand) caller {
	if accounts := s.state.Accounts.All(); rnd.IntN(4) == 0 {
		a := accounts[rnd.IntN(len(accounts))]
		return caller{account: a.ID, login: a.Login, role: a.Kind.role(), host: "192.0.2.9"}
	}
	return s.behind()
}

// photograph writes down the whole state.
func (s *Server) photograph(t testing.TB) []byte {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	data, err := s.encodeState()
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func firstDifference(a, b []byte) string {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	from := max(0, i-100)
	return fmt.Sprintf("%s\nbecame\n%s", a[from:min(len(a), i+100)], b[from:min(len(b), i+100)])
}

// mayRefuse tells whether an operation of the packet has no place for an error in its answer, or closed lists of values that the
// published grammar does not show.
func (s *Server) mayRefuse(packet *schematest.Node) bool {
	return slices.ContainsFunc(packet.Children, func(operator *schematest.Node) bool {
		return slices.ContainsFunc(operator.Children, func(o *schematest.Node) bool {
			name := opName{operator.Name, o.Name}
			return s.operations[name].statusless || name == opName{"server", "set"}
		})
	})
}
