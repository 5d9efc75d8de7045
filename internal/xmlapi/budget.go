// Memory: how much of it the answers that are being read may take, each of them and all together.

package xmlapi

import (
	"context"
	"io"

	"golang.org/x/sync/semaphore"
)

// ownBytes is what each answer may take without asking a budget. Most need less.
const ownBytes = 256 << 10

type answerLimitKey struct{}

// WithAnswerLimit bounds the answers to packets that are sent with the context: to a number of bytes on the wire, and to about as many for
// their values. Without it, and where that is less, Config.MaxAnswerBytes applies.
func WithAnswerLimit(ctx context.Context, bytes int64) context.Context {
	return context.WithValue(ctx, answerLimitKey{}, bytes)
}

// Budget bounds the memory that clients need for the answers that they are reading at the same time. An answer that turns out to be larger
// than 256 KiB takes its whole limit from the budget at once, waits for that within its time, and gives it back when it is decoded. Not in the budget are
// the first 256 KiB of each answer, buffers of some MiB while a text of a MiB is read, and the values themselves from then on: they are the caller's.
//
// One client has half of the budget at most, and no answer can be larger than that.
type Budget struct {
	all   *semaphore.Weighted
	share int64 // of one client
}

// NewBudget returns a budget of a number of bytes.
func NewBudget(bytes int64) *Budget {
	return &Budget{all: semaphore.NewWeighted(bytes), share: bytes / 2}
}

// BudgetError says that an answer was not read for want of memory, which other answers took. No server is to blame.
type BudgetError struct{ Err error }

// Error implements error.
func (e *BudgetError) Error() string {
	return "waiting for memory that other answers take: " + e.Err.Error()
}

// Unwrap returns what ended the wait.
func (e *BudgetError) Unwrap() error { return e.Err }

// account is what a client has of a budget; nil where there is none.
type account struct {
	*Budget
	mine *semaphore.Weighted // the share
}

func newAccount(b *Budget) *account {
	if b == nil {
		return nil
	}
	return &account{Budget: b, mine: semaphore.NewWeighted(b.share)}
}

// take waits for a number of bytes, and returns how to give them back. The share comes first: a client that has used it up does not queue
// for what the others need.
func (a *account) take(ctx context.Context, bytes int64) (giveBack func(), _ error) {
	if err := a.mine.Acquire(ctx, bytes); err != nil {
		return nil, &BudgetError{context.Cause(ctx)}
	}
	if err := a.all.Acquire(ctx, bytes); err != nil {
		a.mine.Release(bytes)
		return nil, &BudgetError{context.Cause(ctx)}
	}
	return func() { a.all.Release(bytes); a.mine.Release(bytes) }, nil
}

// allowance is what one answer may take. It is read through it.
type allowance struct {
	from     io.Reader
	limit    int64                             // of bytes that are read, and of those that values need
	more     func(bytes int64) (func(), error) // asked once for what exceeds ownBytes; nil: nobody is
	giveBack func()                            // nil: nobody was asked
	read     int64
	kept     int64
}

// allow returns what an answer to a packet with this context may take. It has to be released.
func (c *Client) allow(ctx context.Context, from io.Reader) *allowance {
	a := &allowance{from: from, limit: c.maxAnswerBytes}
	if limit, ok := ctx.Value(answerLimitKey{}).(int64); ok {
		a.limit = min(a.limit, limit)
	}
	if c.account != nil {
		a.limit = min(a.limit, ownBytes+c.account.share)
		a.more = func(bytes int64) (func(), error) { return c.account.take(ctx, bytes) }
	}
	return a
}

// Read implements io.Reader. As with io.LimitedReader, the answer seems to end at the limit.
func (a *allowance) Read(p []byte) (int, error) {
	if a.read >= a.limit {
		return 0, io.EOF
	}
	if a.read >= ownBytes {
		if err := a.enlarge(); err != nil {
			return 0, err
		}
	}
	n, err := a.from.Read(p[:min(int64(len(p)), a.limit-a.read)])
	a.read += int64(n)
	return n, err
}

// spend notes the memory that a value needs. Honest answers need less than they have on the wire, since their tags are longer than what is kept
// for them; a million empty results need more.
func (a *allowance) spend(bytes int) error {
	a.kept += int64(bytes)
	switch {
	case a.kept > a.limit+readAhead: // a little more than the answer itself
		return errTooMuch
	case a.kept > ownBytes:
		return a.enlarge()
	}
	return nil
}

// enlarge takes all that the answer may still need at once: one that waited for more while it holds some could wait for ever for another
// one that does the same.
func (a *allowance) enlarge() (err error) {
	if a.more != nil && a.giveBack == nil && a.limit > ownBytes {
		a.giveBack, err = a.more(a.limit - ownBytes)
	}
	return err
}

// release gives back what was taken.
func (a *allowance) release() {
	if a.giveBack != nil {
		a.giveBack()
	}
}
