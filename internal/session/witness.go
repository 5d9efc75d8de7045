// Who answers: reading and asking for the server's identity in one packet, so that no other server can come in between.

package session

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/server"
)

// Witness is a Doer that adds the question "which Plesk are you?" to each of its packets. It is for one goroutine.
type Witness struct {
	session  *Session
	guid     string
	expected []string
}

// WrongServerError says that another Plesk has answered than the one that was expected.
type WrongServerError struct{ Expected, Actual string }

// Error implements error.
func (e *WrongServerError) Error() string {
	return fmt.Sprintf("the Plesk with GUID %s is expected, %s has answered", e.Expected, e.Actual)
}

// Expect makes an answer of another installation than the one with these GUIDs a *WrongServerError. An empty one is not known.
func (w *Witness) Expect(guids ...string) {
	w.expected = slices.DeleteFunc(slices.Clone(guids), func(guid string) bool { return guid == "" })
}

// Witness returns a new witness, which has not seen a server yet.
func (s *Session) Witness() *Witness { return &Witness{session: s} }

// GUID is that of the Plesk installation that answered, "" before the first packet.
func (w *Witness) GUID() string { return w.guid }

// Do implements xmlapi.Doer. Answers from two installations in a row are an error: nothing may be concluded from them together.
func (w *Witness) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	who := server.Get.Call(server.GetRequest{GenInfo: &xmlapi.Empty{}})
	if err := w.session.Do(ctx, append(slices.Clip(calls), who)...); err != nil {
		return err
	}
	r, err := who.One()
	if err != nil {
		return err
	}
	if r.GenInfo == nil || r.GenInfo.GUID == "" {
		return doubt(errors.New("the answer lacks server_guid"))
	}
	for _, guid := range w.expected {
		if guid != r.GenInfo.GUID {
			return &WrongServerError{Expected: guid, Actual: r.GenInfo.GUID}
		}
	}
	if w.guid != "" && w.guid != r.GenInfo.GUID {
		return doubt(fmt.Errorf("two servers answered, %s and %s", w.guid, r.GenInfo.GUID))
	}
	w.guid = r.GenInfo.GUID
	return nil
}

func doubt(err error) error {
	return &xmlapi.Error{Class: xmlapi.Transient, Operator: server.Get.Operator(), Operation: server.Get.Name(), Err: err}
}
