// ByteSize: a size that has a bound on the wire, and none that is unlimited.

package v1alpha1

// ByteSize is a whole number of bytes, or a size such as 10Mi. It is written as a number or as text and stays so.
// +kubebuilder:validation:Type=""
// +kubebuilder:validation:XIntOrString
// +kubebuilder:validation:MaxLength=16
// +kubebuilder:validation:XValidation:rule="type(self) == int ? self > 0 : self.matches('^[1-9][0-9]*(k|M|G|Ki|Mi|Gi)?$')",message="write a whole number of bytes, or a size such as 10Mi (without a B)"
type ByteSize struct {
	LimitValue `json:"-"`
}
