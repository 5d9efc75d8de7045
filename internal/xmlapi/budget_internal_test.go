// What answers that are read at the same time take of their budget. Time stands still here until nothing else happens.

package xmlapi

import (
	"context"
	"errors"
	"io"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

const (
	testLimit = ownBytes + 1<<20 // of an answer
	testNeeds = 1 << 20          // of the budget, where it is large
)

// gate is a place in an answer beyond which it goes on when the gate is open.
type gate struct {
	open    chan struct{}
	reached atomic.Int32
}

func newGate() *gate { return &gate{open: make(chan struct{})} }

// Read implements io.Reader.
func (g *gate) Read([]byte) (int, error) {
	g.reached.Add(1)
	<-g.open
	return 0, io.EOF
}

// large is an answer with a gate after twice what it may take without asking.
func large(g *gate) io.Reader {
	return io.MultiReader(strings.NewReader("<packet><output>"), strings.NewReader(strings.Repeat("<a/>", 2*ownBytes/4)), g, strings.NewReader("</output></packet>"))
}

func clientOf(b *Budget) *Client { return &Client{maxAnswerBytes: testLimit, account: newAccount(b)} }

// answered reads a large answer, and sends how that ended.
func answered(ctx context.Context, c *Client, g *gate, ended chan<- error) {
	a := c.allow(ctx, large(g))
	defer a.release()
	ended <- decode(a, nil)
}

func TestLargeAnswersStayWithinTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const clients, each, atOnce = 4, 4, 4
		b, ended := NewBudget(atOnce*testNeeds), make(chan error, clients*each)
		var gates []*gate
		for range clients {
			c, g := clientOf(b), newGate()
			gates = append(gates, g)
			for range each {
				go answered(t.Context(), c, g, ended)
			}
		}
		underWay := func() (all int) {
			synctest.Wait()
			for _, g := range gates {
				n := int(g.reached.Load())
				if n > atOnce/2 {
					t.Errorf("%d of one client", n)
				}
				all += n
			}
			return all
		}
		if n := underWay(); n != atOnce {
			t.Errorf("%d are large at once", n)
		}
		for range clients * each { // one after the other
			for _, g := range gates {
				if g.reached.Load() > 0 {
					g.reached.Add(-1)
					g.open <- struct{}{}
					break
				}
			}
			if n := underWay(); n > atOnce {
				t.Errorf("%d are large at once", n)
			}
		}
		for range clients * each {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if !b.Take(atOnce * testNeeds) {
			t.Error("not all was given back")
		}
	})
}

func TestAServerThatDripsHoldsItsShareOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const hostile = 10
		b := NewBudget(4 * testNeeds)
		ctx, waits := newPatience(t.Context())
		waits.allow(DefaultAnswerTimeout, "the answer was not complete")
		never, theirs, ended := newGate(), clientOf(b), make(chan error, hostile)
		for range hostile {
			go answered(ctx, theirs, never, ended)
		}
		synctest.Wait()
		if n := never.reached.Load(); n != 2 {
			t.Errorf("they have %d large answers", n)
		}
		mine, ok := newGate(), make(chan error, 1)
		close(mine.open)
		for range 10 {
			go answered(t.Context(), clientOf(b), mine, ok)
			synctest.Wait()
			select {
			case err := <-ok:
				if err != nil {
					t.Error(err)
				}
			default:
				t.Fatal("another client waits for them")
			}
		}
		<-time.After(DefaultAnswerTimeout)
		for range hostile - 2 {
			err := theirs.classify(givenUp(t.Context(), ctx, <-ended), &progress{}, false)
			if _, waited := errors.AsType[*BudgetError](err); !waited || !errors.Is(err, context.DeadlineExceeded) ||
				err.Error() != "packet: waiting for memory that other answers take: the answer was not complete within 1m0s: context deadline exceeded" {
				t.Errorf("have %v", err)
			}
		}
		close(never.open)
		for range 2 {
			if err := <-ended; err != nil {
				t.Error(err)
			}
		}
		if !b.Take(4 * testNeeds) {
			t.Error("not all was given back")
		}
	})
}

// What counts is also what the values need: a few bytes on the wire can be many in memory.
func TestValuesCountAsMuchAsTheAnswerItself(t *testing.T) {
	var have struct {
		Results []Result `xml:"result"`
	}
	for results, large := range map[int]bool{100: false, 20_000: true} {
		answer, asked := "<get>"+strings.Repeat("<result/>", results)+"</get>", int64(0)
		if len(answer) > ownBytes {
			t.Fatalf("%d bytes are enough by themselves", len(answer))
		}
		r := newReader(&allowance{from: strings.NewReader(answer), limit: testLimit, more: func(bytes int64) (func(), error) {
			asked += bytes
			return func() {}, nil
		}})
		if _, err := r.child(); err != nil {
			t.Fatal(err)
		}
		if err := r.into(reflect.ValueOf(&have)); err != nil {
			t.Fatal(err)
		}
		if want := map[bool]int64{true: testNeeds}[large]; asked != want {
			t.Errorf("%d results: %d bytes were asked for, want %d", results, asked, want)
		}
	}
}
