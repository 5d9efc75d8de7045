// Landmarks: by which GUID one object is known on several PleskServers.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"
	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestTheLandmarkIsTheNearestGUID(t *testing.T) {
	g := NewWithT(t)
	own := v1alpha1.ObjectIdentity{ID: "7", GUID: "own"}
	bare := v1alpha1.ObjectIdentity{ID: "7"}
	within := &v1alpha1.ObjectIdentity{ID: "3", GUID: "site"}
	parent := &v1alpha1.RecordedParent{ObjectIdentity: v1alpha1.ObjectIdentity{ID: "3", GUID: "subscription"}}
	around := &v1alpha1.RecordedParent{ObjectIdentity: bare, Around: "subscription"}
	for landmark, s := range map[string][]v1alpha1.CommonStatus{
		"own":          {{ID: own.ID, GUID: own.GUID, Within: within, Parent: parent}, {Observing: &own}},
		"site":         {{ID: "7", Within: within, Parent: parent}, {Within: within}},
		"subscription": {{ID: "7", Within: &bare, Parent: parent}, {Within: &bare, Parent: parent}, {ID: "7", Within: &bare, Parent: around}},
		"":             {{}, {ID: "7", Within: &bare}},
	} {
		for i := range s {
			g.Expect(landmarkOf(&s[i])).To(Equal(landmark), "%+v", s[i])
		}
	}

	inside := []Owner{{Identity: Identity{ID: "2"}}, {Identity: Identity{ID: "3", GUID: "subscription"}}, {Identity: Identity{ID: "4", GUID: "customer"}}}
	g.Expect((&Resolved{Identity: Identity{ID: "7", GUID: "own"}, In: inside}).aroundIt()).To(BeEmpty(), "it needs none")
	g.Expect((&Resolved{Identity: Identity{ID: "7"}, In: inside}).aroundIt()).To(Equal("subscription"))
	g.Expect((&Resolved{Identity: Identity{ID: "7"}, around: "recorded"}).aroundIt()).To(Equal("recorded"))
}

// An object is found below any of its landmarks, and by no id or name alone.
func TestPlacesOfOneObjectMeet(t *testing.T) {
	g := NewWithT(t)
	admins := places(types.NamespacedName{Namespace: "hosting", Name: "web-01"}, "installation", []string{"subscription"}, "7")
	customers := places(types.NamespacedName{Namespace: "acme", Name: "own"}, "provider", []string{"subscription"}, "7")
	others := places(types.NamespacedName{Namespace: "hosting", Name: "web-02"}, "another", []string{"elsewhere", ""}, "7")
	g.Expect(admins).To(ContainElement(pleskIndex("subscription", "7")))
	g.Expect(customers).To(ContainElement(pleskIndex("subscription", "7")))
	for _, place := range others {
		g.Expect(admins).NotTo(ContainElement(place))
		g.Expect(customers).NotTo(ContainElement(place))
	}
	g.Expect(others).To(HaveLen(3), "what has no landmark has no place below one")
}
