// Doers that answer in a server's place, or record what is sent to one.

package controllertest

import (
	"context"
	"strings"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Recorded answers every packet with a document recorded from a server that the simulator does not imitate.
type Recorded string

// Do implements xmlapi.Doer.
func (r Recorded) Do(_ context.Context, calls ...xmlapi.Caller) error {
	if _, err := xmlapi.Encode("1.6.9.1", calls...); err != nil {
		return err
	}
	return xmlapi.Decode(strings.NewReader(string(r)), calls...)
}

// Recording notes the packets that go to a server.
type Recording struct {
	xmlapi.Doer
	Sent []string
}

// Do implements xmlapi.Doer.
func (r *Recording) Do(ctx context.Context, calls ...xmlapi.Caller) error {
	body, err := xmlapi.Encode("", calls...)
	if err != nil {
		return err
	}
	r.Sent = append(r.Sent, string(body))
	return r.Doer.Do(ctx, calls...)
}

// DoerFunc answers packets by a function.
type DoerFunc func(calls []xmlapi.Caller) error

// Do implements xmlapi.Doer.
func (f DoerFunc) Do(_ context.Context, calls ...xmlapi.Caller) error { return f(calls) }
