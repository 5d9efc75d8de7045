package xmlapi

import (
	"errors"
	"io"
	"reflect"
)

// ReadElement reads the first element of a document into what v points to, as Decode reads results.
func ReadElement(document io.Reader, v any) error {
	r := newReader(document, 1<<30)
	if some, err := r.child(); err != nil || !some {
		return errors.Join(errCut, err)
	}
	return r.into(reflect.ValueOf(v))
}
