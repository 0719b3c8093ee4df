/** Entry of an exported page: its data behind the door, then the window's own program. */
import './buffer'
import './door'
import '../../renderer/main'
