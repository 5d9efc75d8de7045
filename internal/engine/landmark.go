// Landmarks: what tells one object on several PleskServers. Those of an administrator, a reseller and a customer may lead to one Plesk, and none
// of them can be told from the others' GUIDs. But what they see there has GUIDs of its own, or lies in something that has one: its landmark.

package engine

import (
	"cmp"
	"context"

	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// landmarkOf is the GUID of what a status has recorded, or of the nearest thing around it that has one, "" where none is known.
func landmarkOf(s *v1alpha1.CommonStatus) string {
	within, parent := identityOf(s.Within), cmp.Or(s.Parent, &v1alpha1.RecordedParent{})
	return cmp.Or(described(s).GUID, within.GUID, parent.GUID, parent.Around)
}

// landmark is the GUID of what a reference leads to, or of the nearest thing around it that has one.
func (r *Resolved) landmark() string {
	for _, guid := range append([]string{r.GUID, r.around}, guidsOf(r.In)...) {
		if guid != "" {
			return guid
		}
	}
	return ""
}

// aroundIt is the landmark of what has no GUID, "" for what has one.
func (r *Resolved) aroundIt() string {
	if r.GUID != "" {
		return ""
	}
	return r.landmark()
}

// landmark is that of something on the server, as far as it tells itself.
func (o Owner) landmark() string { return cmp.Or(o.GUID, o.Key.Within.GUID) }

func guidsOf(owners []Owner) []string {
	var out []string
	for _, o := range owners {
		if guid := o.landmark(); guid != "" {
			out = append(out, guid)
		}
	}
	return out
}

// places are where indexes, and the claims in memory, hold a value of an object: by its PleskServer, by what that says of its Plesk, and by
// landmarks. Ids and names below a landmark are those of one Plesk.
func places(server types.NamespacedName, plesk string, landmarks []string, value string) []string {
	out := []string{serverIndex(server, value)}
	if plesk != "" {
		out = append(out, pleskIndex(plesk, value))
	}
	for _, l := range landmarks {
		if l != "" && l != plesk {
			out = append(out, pleskIndex(l, value))
		}
	}
	return sortedUnique(out)
}

// placesOf are the places of a value of an object by what it has recorded.
func placesOf(o v1alpha1.Object, value string) []string {
	s := o.State()
	return places(KnownServer(o), s.ServerGUID, []string{landmarkOf(s)}, value)
}

// places are those of a value of the pass's own object, or of something near it that has landmarks of its own.
func (p *pass[O, W]) places(value string, landmarks ...string) []string {
	return places(p.serverName, p.pleskGUID(), append(landmarks, landmarkOf(p.o.State())), value)
}

// onThisPlesk lists the resources of a kind that an index finds on the pass's Plesk, under whatever PleskServer they know it.
func (p *pass[O, W]) onThisPlesk(ctx context.Context, k *kindInfo, index, value string, landmarks ...string) ([]v1alpha1.Object, error) {
	var out []v1alpha1.Object
	seen := map[types.UID]bool{}
	for _, place := range p.places(value, landmarks...) {
		objects, err := p.listIndexed(ctx, k, "", index, place)
		if err != nil {
			return nil, err
		}
		for _, o := range objects {
			if !seen[o.GetUID()] {
				seen[o.GetUID()] = true
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// pleskGUID is what the PleskServer of the pass says of its Plesk, "" where that is not known.
func (p *pass[O, W]) pleskGUID() string {
	if p.server == nil {
		return ""
	}
	return p.server.Status.GUID
}
