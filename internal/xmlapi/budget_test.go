// The limits of answers over the wire.

package xmlapi_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ip"
)

// answerOf answers reads and writes with something before the answer proper.
func answerOf(before string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer := readAnswer
		if strings.Contains(string(body), "<del>") {
			answer = writeAnswer
		}
		_, _ = io.WriteString(w, strings.Replace(answer, "<packet>", "<packet>"+before, 1))
	}
}

// output is an element that says nothing, of a number of bytes.
func output(bytes int) string { return "<output>" + strings.Repeat("<a/>", bytes/4) + "</output>" }

func TestAPacketMayHaveALowerLimit(t *testing.T) {
	c := connect(t, serve(t, answerOf(output(2000))), func(c *xmlapi.Config) { c.MaxAnswerBytes = 10_000 })
	large := connect(t, serve(t, answerOf(output(20_000))), func(c *xmlapi.Config) { c.MaxAnswerBytes = 10_000 })
	for _, test := range []struct {
		client *xmlapi.Client
		limit  int64
		want   string
	}{
		{c, 10_000, ""},
		{c, 1000, "ip/get: answer larger than 1000 bytes"},
		{large, 10_000, "ip/get: answer larger than 10000 bytes"},
		{large, 100_000, "ip/get: answer larger than 10000 bytes"}, // the client's own holds
	} {
		_, err := ip.Get.One(xmlapi.WithAnswerLimit(context.Background(), test.limit), test.client, xmlapi.EmptyRequest{})
		if have := errorText(err); have != test.want {
			t.Errorf("with a limit of %d: %q", test.limit, have)
		}
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func TestALowerLimitIsOneOfValuesToo(t *testing.T) {
	const results = `<packet><ip><get>` // and then a million of them, which need more than they have on the wire
	c := connect(t, serve(t, func(w http.ResponseWriter, _ *http.Request) {
		_, err := io.WriteString(w, results)
		for err == nil {
			_, err = io.WriteString(w, strings.Repeat("<result/>", 1000))
		}
	}))
	_, err := ip.Get.One(xmlapi.WithAnswerLimit(context.Background(), 4<<20), c, xmlapi.EmptyRequest{})
	if err == nil || !strings.Contains(err.Error(), "more values than may be read") {
		t.Errorf("have %v", err)
	}
}

const budgetBytes = 8 << 20

func TestSmallAnswersNeedNoBudget(t *testing.T) {
	b := xmlapi.NewBudget(budgetBytes)
	b.Take(budgetBytes)
	c := connect(t, serve(t, answerOf(output(200<<10))), func(c *xmlapi.Config) { c.Budget = b })
	if err := errors.Join(read(c), write(c)); err != nil {
		t.Error(err)
	}
}

// No answer can be larger than what one client may have.
func TestTheShareOfAClientBoundsItsAnswers(t *testing.T) {
	b := xmlapi.NewBudget(1 << 20)
	c := connect(t, serve(t, answerOf(output(1<<20))), func(c *xmlapi.Config) { c.Budget = b })
	if err := read(c); errorText(err) != "ip/get: answer larger than 786432 bytes" {
		t.Errorf("have %v", err)
	}
	if !b.Take(1 << 20) {
		t.Error("not all was given back")
	}
}

// Whoever waits for the others gets its turn: everything ends, and nothing is left.
func TestManyLargeAnswersAtOnce(t *testing.T) {
	b := xmlapi.NewBudget(1 << 20)
	s := serve(t, answerOf(output(300<<10)))
	var all sync.WaitGroup
	for range 2 {
		c := connect(t, s, func(c *xmlapi.Config) { c.Budget = b })
		for range 3 {
			all.Go(func() {
				for range 2 {
					if err := errors.Join(read(c), write(c)); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	all.Wait()
	if !b.Take(1 << 20) {
		t.Error("not all was given back")
	}
}
