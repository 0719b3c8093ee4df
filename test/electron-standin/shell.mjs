// What the system does for an application: dialogs, the menu, the screen, permissions.

/** Answers "cancelled"; a test puts its own functions here. */
export const dialog = {
  showSaveDialog: async () => ({ canceled: true, filePath: '' }),
  showOpenDialog: async () => ({ canceled: true, filePaths: [] }),
  showMessageBox: async () => ({ response: 0, checkboxChecked: false }),
  showErrorBox: (title, text) => process.stderr.write(`${title}: ${text}\n`),
}

export class Menu {
  static #application = null

  static buildFromTemplate(template) {
    const menu = new Menu()
    menu.items = template.map((item) => ({
      type: item.submenu ? 'submenu' : 'normal',
      enabled: true,
      visible: true,
      ...item,
      submenu: item.submenu && Menu.buildFromTemplate(item.submenu),
    }))
    return menu
  }

  static setApplicationMenu(menu) {
    Menu.#application = menu
  }

  static getApplicationMenu() {
    return Menu.#application
  }

  items = []

  getMenuItemById(id) {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}

const area = { x: 0, y: 0, width: 1920, height: 1080 }
export const screen = { getAllDisplays: () => [{ id: 1, bounds: area, workArea: area, scaleFactor: 1 }] }

export const session = {
  defaultSession: { setPermissionRequestHandler() {}, setPermissionCheckHandler() {} },
}
