// Who answers: all packets of a pass reach one server, and each asks it who it is.

package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Witness is a Doer for the reads and the write of one pass. Its packets all go to one address and meet one certificate (see
// xmlapi.Pin), and each asks "which Plesk are you?". The first keeps a write from another server, the second notices what
// the first cannot: another installation behind the same address and certificate. It is for one goroutine. Its reads share packets with
// those of others.
type Witness struct {
	session       *Session
	lane          Lane
	pin           *xmlapi.Pin
	guid          string
	expected      []string
	subscriptions []string
	writes        int
}

// Witness returns a new witness, which has not seen a server yet, for somebody who waits in a lane.
func (s *Session) Witness(lane Lane) *Witness {
	return &Witness{session: s, lane: lane, pin: s.Client.Pin()}
}

// Writes is how many packets that write the witness was given.
func (w *Witness) Writes() int { return w.writes }

// BeforeWrite has ask decide, right before the body of each packet that writes leaves, whether it may. Its error holds the packet back: the
// packet's failure is an *xmlapi.NotSentError then.
func (w *Witness) BeforeWrite(ask func() error) { w.pin.BeforeWrite = ask }

// GUID is that of who has answered (see Identity), "" before the first packet.
func (w *Witness) GUID() string { return w.guid }

// WrongServerError says that another Plesk installation, or another account there, answered than the one that was expected. It is the cause of an
// *xmlapi.Error: Ambiguous when the packet wrote something, since it was executed there, else Transient.
type WrongServerError struct{ Expected, Actual string }

// Error implements error.
func (e *WrongServerError) Error() string {
	return fmt.Sprintf("the Plesk with GUID %s is expected, %s has answered", e.Expected, e.Actual)
}

// Expect makes an answer of another installation or account than the one with these GUIDs a *WrongServerError. An empty one is not known.
func (w *Witness) Expect(guids ...string) {
	w.expected = slices.DeleteFunc(slices.Clone(guids), func(guid string) bool { return guid == "" })
}

// ExpectOneOf makes the answer of a customer who has none of these subscriptions a *WrongServerError. None are not known.
func (w *Witness) ExpectOneOf(subscriptions []string) { w.subscriptions = subscriptions }

// Do implements xmlapi.Doer. Nothing may be concluded from a packet that another server has answered, so its calls fail, too.
func (w *Witness) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	return w.ask(ctx, calls, false)
}

// Lists returns the same witness for reads whose answers may be long. Each has a packet for itself.
func (w *Witness) Lists() xmlapi.Doer { return lister{w} }

type lister struct{ w *Witness }

func (l lister) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	return l.w.ask(ctx, calls, true)
}

func (w *Witness) ask(ctx context.Context, calls []xmlapi.Caller, list bool) error {
	if slices.ContainsFunc(calls, xmlapi.Caller.Writes) {
		w.writes++
	}
	if err := w.differs(w.guid); w.guid != "" && err != nil {
		return refuse(&xmlapi.NotSentError{Err: err}, xmlapi.Transient, calls)
	}
	if err := w.session.settle(ctx); err != nil {
		if closed, ok := errors.AsType[*ClosedError](err); ok {
			return closed
		}
		unsent := &xmlapi.Error{Class: xmlapi.Transient, Err: &xmlapi.NotSentError{Err: err}} // whatever its code is about, it is no object
		xmlapi.Fail(unsent, calls...)
		return unsent
	}
	a, err := w.session.ask(ctx, &ticket{calls: calls, pin: w.pin, lane: w.lane, list: list, witness: true})
	if err != nil {
		return err
	}
	err = a.who
	if err == nil {
		err = w.differs(a.is.GUID)
	}
	if err == nil {
		err = a.is.Among(w.subscriptions)
	}
	if err == nil {
		w.guid = a.is.GUID
		return nil
	}
	// An answer without an identity counts as none, whatever code stands in its place: that is about the question who answers, and about no object.
	// But what was written was written somewhere.
	class := xmlapi.Transient
	if slices.ContainsFunc(calls, xmlapi.Caller.Writes) {
		class = xmlapi.Ambiguous
	}
	return refuse(err, class, calls)
}

// differs is the error for an answer of another installation than one of those that were expected or have answered before.
func (w *Witness) differs(guid string) error {
	for _, expected := range append(slices.Clone(w.expected), w.guid) {
		if expected != "" && expected != guid {
			return &WrongServerError{Expected: expected, Actual: guid}
		}
	}
	return nil
}

// refuse fails a packet for what is known, or not known, of who answers.
func refuse(err error, class xmlapi.Class, calls []xmlapi.Caller) error {
	xmlapi.Fail(&xmlapi.Error{Class: class, Err: err}, calls...)
	if e, ok := errors.AsType[*xmlapi.Error](err); ok {
		own := *e // with its code
		own.Class = class
		return &own
	}
	return &xmlapi.Error{Class: class, Err: err}
}
