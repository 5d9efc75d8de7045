package xmlapi

import (
	"errors"
	"io"
	"reflect"
)

// ReadElement reads the first element of a document into what v points to, as Decode reads results.
func ReadElement(document io.Reader, v any) error {
	r := newReader(&allowance{from: document, limit: 1 << 30})
	if some, err := r.child(); err != nil || !some {
		return errors.Join(errCut, err)
	}
	return r.into(reflect.ValueOf(v))
}

// Take takes what no answer has of a budget, false if that is less.
func (b *Budget) Take(bytes int64) bool { return b.all.TryAcquire(bytes) }

// Return gives that back.
func (b *Budget) Return(bytes int64) { b.all.Release(bytes) }
