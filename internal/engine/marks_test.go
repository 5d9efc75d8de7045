// Marks: whose is what an object bears.

package engine

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestBearer(t *testing.T) {
	alive := func(uid string) bool { return uid == ownUID || uid == siblingUID }
	for name, c := range map[string]struct {
		mark string
		who  bearer
	}{
		"none": {"", unmarked},
		"ours": {markOf(installation, ownUID), ours},
		"ours, before the installation's id was lost":                {markOf("0f0f0f0f", ownUID), ours},
		"a living resource's":                                        {markOf(installation, siblingUID), sibling},
		"that of a resource that is gone":                            {markOf(installation, goneUID), orphan},
		"another cluster's":                                          {markOf("0f0f0f0f", goneUID), otherOperator},
		"a living resource's, before the installation's id was lost": {markOf("0f0f0f0f", siblingUID), sibling},
		"a billing system's":                                         {"client-4711", foreign},
		"a billing system's, which looks like a UID":                 {ownUID, foreign},
		"ours within something else":                                 {"x" + markOf(installation, ownUID), foreign},
		"ours in other letters":                                      {"Plesk-Operator:" + installation + ":" + ownUID, foreign},
		"cut off":                                                    {markPrefix + installation, foreign},
		"the prefix alone":                                           {markPrefix, foreign},
	} {
		t.Run(name, func(t *testing.T) {
			NewWithT(t).Expect(bearerOf(c.mark, installation, ownUID, alive)).To(Equal(c.who))
		})
	}
}

// Whether a resource lives is asked of the cluster, and of nobody else than this installation's resources.
func TestBearerAsksTheCluster(t *testing.T) {
	g := NewWithT(t)
	p := lone(t, nil, siblingCustomer())
	g.Expect(p.bearer(markOf(installation, siblingUID))).To(Equal(sibling))
	g.Expect(p.bearer(markOf(installation, goneUID))).To(Equal(orphan))
	g.Expect(p.client.Delete(t.Context(), siblingCustomer())).To(Succeed())
	g.Expect(p.bearer(markOf(installation, siblingUID))).To(Equal(orphan))
}
