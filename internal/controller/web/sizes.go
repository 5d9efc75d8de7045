// Sizes: quantities in the spec, whole bytes on the wire, and in between texts that people can compare.

package web

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/controller/form"
)

// wantedSize is a size in canonical form, nil for none.
func wantedSize(size *v1alpha1.ByteSize) (*string, error) {
	if size == nil {
		return nil, nil
	}
	q, err := resource.ParseQuantity(size.Text)
	if err != nil {
		return nil, err
	}
	n, err := form.Bytes(q)
	if err != nil {
		return nil, err
	}
	return new(form.SizeText(n)), nil
}

// foundSize is a size that the server shows, nil for none.
func foundSize[N int | int64](bytes *N) *string {
	if bytes == nil {
		return nil
	}
	return new(form.SizeText(int64(*bytes)))
}

// wireSize is the bytes of a size in canonical form, nil for none.
func wireSize[N int | int64](size *string) (*N, error) {
	if size == nil {
		return nil, nil
	}
	q, err := resource.ParseQuantity(*size)
	if err != nil {
		return nil, err
	}
	return new(N(q.Value())), nil
}
