// Lists such as the engine reads at a restart, held to what Find shows.

package controllertest

import (
	"slices"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// listedKind is a kind whose objects a server can list.
type listedKind[O v1alpha1.Object, W any] interface {
	engine.Kind[O, W]
	engine.Lister[W]
}

// ExpectListed lists what resources have recorded as handles, and checks that each object is listed once and as Find shows it, in so many
// packets. It returns the list.
func ExpectListed[O v1alpha1.Object, W any](t *testing.T, k listedKind[O, W], d xmlapi.Doer, packets int, handles ...engine.Handle) []*engine.Found[W] {
	t.Helper()
	g := NewWithT(t)
	shown := make([]*engine.Found[W], len(handles))
	for i, h := range handles {
		found, err := k.Find(t.Context(), d, h)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(found).NotTo(BeNil(), "nothing is found by %+v", h)
		shown[i] = found
	}
	r := &Recording{Doer: d}
	list, err := k.List(t.Context(), r, KnownBy(shown...))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Sent).To(HaveLen(packets))
	for _, want := range shown {
		g.Expect(Listed(list, want.ID)).To(HaveExactElements(want))
	}
	return list
}

// KnownBy is what the resources of objects have recorded.
func KnownBy[W any](objects ...*engine.Found[W]) engine.Known {
	var known engine.Known
	for _, f := range objects {
		known.IDs = append(known.IDs, f.ID)
		if f.GUID == "" {
			known.WithoutGUID = append(known.WithoutGUID, f.ID)
		}
		if len(f.In) > 0 {
			known.Parents = append(known.Parents, f.In[0].ID)
		}
	}
	slices.Sort(known.IDs)
	slices.Sort(known.WithoutGUID)
	slices.Sort(known.Parents)
	known.IDs, known.Parents = slices.Compact(known.IDs), slices.Compact(known.Parents)
	return known
}

// Listed are the objects of a list that have an id.
func Listed[W any](list []*engine.Found[W], id string) []*engine.Found[W] {
	return slices.DeleteFunc(slices.Clone(list), func(f *engine.Found[W]) bool { return f.ID != id })
}

// checkList holds the list of a kind that has one to what Find has shown.
func checkList[O v1alpha1.Object, W any](t *testing.T, k engine.Kind[O, W], d xmlapi.Doer, h engine.Handle) {
	t.Helper()
	lister, ok := k.(engine.Lister[W])
	if !ok {
		return
	}
	want, err := k.Find(t.Context(), d, h)
	if err != nil || want == nil {
		t.Fatalf("find: %v, %v", want, err)
	}
	list, err := lister.List(t.Context(), d, KnownBy(want))
	if err != nil {
		t.Fatalf("list: %v", err)
	}
	NewWithT(t).Expect(Listed(list, want.ID)).To(HaveExactElements(want), "it is listed as it is found")
}
