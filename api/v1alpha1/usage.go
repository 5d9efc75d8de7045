// Usage: what something takes of its server.

package v1alpha1

import "k8s.io/apimachinery/pkg/api/resource"

// Usage is as the server has last counted it, rounded down to MiB.
type Usage struct {
	// disk is the disk space in use.
	Disk resource.Quantity `json:"disk"`
	// traffic of the current month.
	Traffic resource.Quantity `json:"traffic"`
}
